import type { Step } from '../commands/watcher.ts';
import { shownLine, shownText } from '../shown-text.ts';
import type { SyncEvent } from '../sync/sync.ts';
import type { Terminal } from './terminal.ts';

/**
 * Live progress: one line rewritten on a terminal, a line an entity elsewhere; and warnings, each on a line of its own.
 * @param fold folds what a terminal would take apart at its edge
 */
export function progressLines(
  terminal: Pick<Terminal, 'rewrites' | 'columns' | 'write'>,
  quiet: boolean,
  fold: (text: string, width: number, indent: number) => string = (text) => text,
): { show(event: SyncEvent): void; step(step: Step): void; warn(message: string): void; clear(): void; end(): void } {
  /** What stands in the line that is not ended yet. */
  let open: 'progress' | 'step' | undefined;
  return {
    warn(message) {
      const told = fold(`Warning: ${shownText(message)}`, terminal.columns, 5);
      terminal.write(`${open ? '\r\x1b[K' : ''}${told}\n`);
      open = undefined;
    },
    step({ step, seconds }) {
      // What is done within a second needs no word.
      if (quiet || !terminal.rewrites || seconds === 0) return;
      terminal.write(`\r\x1b[K${shownLine(step, terminal.columns - 12)} (${seconds} s)`);
      open = 'step';
    },
    show(event) {
      if (quiet) return;
      const done = event.phase === 'done';
      if (!terminal.rewrites && !done) return;
      const of = event.total === undefined ? '' : ` of ${event.total}`;
      const counts = `${event.read}${of} read, ${event.created} created, ${event.updated} updated, ${event.unchanged} unchanged, ${event.rejected} rejected`;
      // A line that is to be rewritten must not be wrapped.
      const text = shownLine(
        `${event.integration} ${event.entity}: ${counts}`,
        terminal.rewrites ? terminal.columns - 1 : undefined,
      );
      if (terminal.rewrites) terminal.write(`\r\x1b[K${text}${done ? '\n' : ''}`);
      else terminal.write(`${text}\n`);
      open = terminal.rewrites && !done ? 'progress' : undefined;
    },
    clear() {
      if (open) terminal.write('\r\x1b[K');
      open = undefined;
    },
    end() {
      if (open) terminal.write(open === 'step' ? '\r\x1b[K' : '\n');
      open = undefined;
    },
  };
}
