import type { WriteStream } from 'node:tty';
import { shownText } from '../shown-text.ts';
import type { SyncEvent } from '../sync/sync.ts';

/** Live progress: one line rewritten on a terminal, a line an entity elsewhere; and warnings, each on a line of its own. */
export function progressLines(
  stream: WriteStream,
  quiet: boolean,
): { show(event: SyncEvent): void; warn(message: string): void; end(): void } {
  let open = false;
  return {
    warn(message) {
      stream.write(`${open ? '\r\x1b[K' : ''}Warning: ${shownText(message)}\n`);
      open = false;
    },
    show(event) {
      if (quiet) return;
      const done = event.phase === 'done';
      if (!stream.isTTY && !done) return;
      const of = event.total === undefined ? '' : ` of ${event.total}`;
      const text = shownText(
        `${event.integration} ${event.entity}: ${event.read}${of} read, ${event.created} created, ${event.updated} updated, ${event.unchanged} unchanged, ${event.rejected} rejected`,
      );
      if (stream.isTTY) stream.write(`\r\x1b[K${text}${done ? '\n' : ''}`);
      else stream.write(`${text}\n`);
      open = stream.isTTY && !done;
    },
    end() {
      if (open) stream.write('\n');
      open = false;
    },
  };
}
