import type { Argv } from 'yargs';
import type { LineCall } from './run-lines.ts';

/** `instance new` and `task …`: frequency folders and what starts them. */
export function taskLines(line: Argv, call: LineCall): Argv {
  const schedule = {
    every: { type: 'string', describe: "How often: 5min, hourly, 2h, daily …; the folder's name when left out" },
    at: { type: 'string', describe: 'Time of day of a daily or weekly task, HH:MM' },
    name: { type: 'string', describe: "Name of the task; the folder's when left out" },
    account: { type: 'string', describe: 'SYSTEM (default), LOCAL SERVICE, or a gMSA: DOMAIN\\name$' },
    'via-powershell': { type: 'boolean', describe: 'Run Invoke-HaloSync, which can open vaults' },
  } as const;
  const folders = {
    type: 'string',
    array: true,
    demandOption: true,
    describe: 'Instances, or folders of them',
  } as const;
  const which = { type: 'string', describe: 'Name of a task, or path of its instance' } as const;
  const paramsOf = (given: Record<string, unknown>): Record<string, unknown> => {
    const { every, at, name, account, viaPowershell, whatIf, paths } = given;
    return { paths, every, at, name, account, viaPowerShell: viaPowershell, whatIf };
  };
  return line
    .command('instance', 'Make a folder for a frequency', (yargs) =>
      yargs
        .command(
          'new <path>',
          'Make a folder with an appsettings.json, logs and state; its entities are off',
          (yargs) =>
            yargs.positional('path', { type: 'string', demandOption: true }).option('copy-from', {
              type: 'string',
              describe: "Settings to begin with; else those of --config, else the engine's own",
            }),
          (given) => call({ command: 'instance-new', params: { path: given.path, copyFrom: given.copyFrom } }, given),
        )
        .demandCommand(1, 'instance needs new.'),
    )
    .command('task', 'Scheduled tasks of Windows', (yargs) =>
      yargs
        .command(
          'xml <paths..>',
          'Give the XML of a task, on any system',
          (yargs) => yargs.positional('paths', folders).options(schedule),
          (given) => call({ command: 'task-plan', params: paramsOf(given) }, given),
        )
        .command(
          'register <paths..>',
          'Make or update the tasks; one that is as it should be is left alone',
          (yargs) =>
            yargs.positional('paths', folders).options(schedule).option('what-if', { type: 'boolean', default: false }),
          (given) => call({ command: 'task-register', params: paramsOf(given) }, given),
        )
        .command(
          'list [task]',
          'Show the tasks: last result, next run, and what no longer fits the folder',
          (yargs) => yargs.positional('task', which),
          (given) => call({ command: 'task-list', params: { task: given.task } }, given),
        )
        .command(
          'start <task>',
          'Start a task now',
          (yargs) => yargs.positional('task', { ...which, demandOption: true }),
          (given) => call({ command: 'task-start', params: { task: given.task } }, given),
        )
        .command(
          'remove <task>',
          'Remove a task; the instance stays',
          (yargs) => yargs.positional('task', { ...which, demandOption: true }),
          (given) => call({ command: 'task-remove', params: { task: given.task } }, given),
        )
        .demandCommand(1, 'task needs xml, register, list, start or remove.'),
    );
}
