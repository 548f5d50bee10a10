import type { Argv } from 'yargs';

/** Calls a command with what the line gave; the second argument holds the options every command has. */
export type LineCall = (
  one: { readonly command: string; readonly params: Readonly<Record<string, unknown>> },
  given: Record<string, unknown>,
) => Promise<void>;

/** `runs`, `rejections`, `changes`, `undo`, `logs` and `stop`: what happened, and what goes on. */
export function runLines(line: Argv, call: LineCall): Argv {
  const only = {
    integration: { type: 'string', describe: 'Only of this integration' },
    entity: { type: 'string', describe: 'Only of this entity' },
    since: { type: 'string', describe: 'Only since then: a date, or a span such as 2h or 7d' },
  } as const;
  return line
    .command(
      'runs [run]',
      'Show what ran: the newest first, with what each entity came to',
      (yargs) =>
        yargs
          .positional('run', { type: 'string', describe: 'Only this one: its id, or the beginning of it' })
          .options(only)
          .option('state', { choices: ['running', 'ended', 'interrupted'], describe: 'Only those in this state' })
          .option('failed', { type: 'boolean', default: false, describe: 'Only those that did not end with exit 0' })
          .option('last', { type: 'number', describe: 'How many at most (20; 1000 in an HTML page)' })
          .option('html', { type: 'string', requiresArg: true, describe: 'Write them as an HTML page to this file' }),
      (given) => {
        const { run, integration, entity, since, state, failed, last, html } = given;
        const params = { run, integration, entity, since, state, failed, last };
        if (html !== undefined) return call({ command: 'report', params: { ...params, path: html } }, given);
        return call({ command: 'runs', params: { ...params, last: last ?? 20 } }, given);
      },
    )
    .command(
      'rejections',
      'Show which records are rejected as things stand, and why',
      (yargs) => yargs.options({ integration: only.integration, entity: only.entity }),
      ({ integration, entity, ...given }) => call({ command: 'rejections', params: { integration, entity } }, given),
    )
    .command(
      'changes <run>',
      'Show what a run changed in Halo, row by row',
      (yargs) =>
        yargs
          .positional('run', { type: 'string', demandOption: true, describe: 'Its id, or the beginning of it' })
          .options({ integration: only.integration, entity: only.entity })
          .option('table', { type: 'string', describe: 'Only rows of this table of Halo' }),
      (given) => {
        const { run, integration, entity, table } = given;
        return call({ command: 'changes', params: { run, integration, entity, table } }, given);
      },
    )
    .command(
      'undo <run>',
      'Put back what a run changed in Halo, and set inactive what it made',
      (yargs) =>
        yargs
          .positional('run', { type: 'string', demandOption: true, describe: 'Its id, or the beginning of it' })
          .option('what-if', {
            type: 'boolean',
            default: false,
            describe: 'Say what would be put back and write nothing',
          }),
      (given) => call({ command: 'undo', params: { run: given.run, whatIf: given.whatIf } }, given),
    )
    .command(
      'logs',
      'Show the log, the newest line last',
      (yargs) =>
        yargs
          .options(only)
          .option('run', { type: 'string', describe: 'Only lines of this run' })
          .option('level', { choices: ['error', 'warn', 'info', 'debug'], describe: 'The least level' })
          .option('tail', { type: 'number', default: 100, describe: 'How many lines at most; 0 for all' }),
      (given) => {
        const { run, level, integration, entity, since, tail } = given;
        return call({ command: 'logs', params: { run, level, integration, entity, since, tail } }, given);
      },
    )
    .command(
      'stop [run]',
      'Stop what is at work here, after the batch at hand',
      (yargs) =>
        yargs
          .positional('run', { type: 'string', describe: 'Only this run' })
          .option('wait', { type: 'number', describe: 'Seconds to wait for its end (60)' })
          .option('force', { type: 'boolean', default: false, describe: 'End the process when it has not stopped' }),
      (given) => {
        const { run, wait, force } = given;
        return call({ command: 'stop', params: { run, wait, force } }, given);
      },
    );
}
