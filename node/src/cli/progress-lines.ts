import { shownLine, shownText } from '../shown-text.ts';
import type { SyncEvent } from '../sync/sync.ts';
import type { Terminal } from './terminal.ts';

/** Live progress: one line rewritten on a terminal, a line an entity elsewhere; and warnings, each on a line of its own. */
export function progressLines(
  terminal: Pick<Terminal, 'rewrites' | 'write'>,
  quiet: boolean,
): { show(event: SyncEvent): void; warn(message: string): void; end(): void } {
  let open = false;
  return {
    warn(message) {
      terminal.write(`${open ? '\r\x1b[K' : ''}Warning: ${shownText(message)}\n`);
      open = false;
    },
    show(event) {
      if (quiet) return;
      const done = event.phase === 'done';
      if (!terminal.rewrites && !done) return;
      const of = event.total === undefined ? '' : ` of ${event.total}`;
      const text = shownLine(
        `${event.integration} ${event.entity}: ${event.read}${of} read, ${event.created} created, ${event.updated} updated, ${event.unchanged} unchanged, ${event.rejected} rejected`,
      );
      if (terminal.rewrites) terminal.write(`\r\x1b[K${text}${done ? '\n' : ''}`);
      else terminal.write(`${text}\n`);
      open = terminal.rewrites && !done;
    },
    end() {
      if (open) terminal.write('\n');
      open = false;
    },
  };
}
