import type { Argv } from 'yargs';
import { SETTINGS_FILE } from '../config/settings-file.ts';
import { UsageError } from '../errors/command-errors.ts';
import { integrationFacts } from '../integrations/integration-facts.ts';
import { version } from '../version.ts';
import { choose, chooseServing } from './chosen.ts';
import { checkGiven } from './given-words.ts';
import type { CommandCall } from './run-command.ts';
import { runLines, type LineCall } from './run-lines.ts';
import { settingOf } from './secret-arguments.ts';
import { taskLines } from './task-lines.ts';

/** A line with every command, each of which throws what was chosen. */
export function commandsOf(line: Argv): Argv {
  const entity = {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'Only these entities (may be repeated)',
  } as const;
  const lineCall: LineCall = (one, given) => choose({ ...one, ...globals(given) });
  const switching = (command: 'enable' | 'disable') =>
    [
      (yargs: Argv) => yargs.positional('integration', { type: 'string', demandOption: true }).option('entity', entity),
      (given: { readonly integration: string; readonly entity?: string[] | undefined }) =>
        choose({
          command,
          params: { integration: given.integration, entities: given.entity },
          ...globals({ ...given }),
        }),
    ] as const;
  // In the order an admin comes to need them, which is the order of --help.
  const everyday = line
    .scriptName('halo-db-integrator')
    .option('config', { type: 'string', describe: `Path of the ${SETTINGS_FILE}, or of its folder` })
    .option('json', { type: 'boolean', default: false, describe: 'Answer in JSON' })
    .command(
      'AUTO [settings]',
      'Sync all that is switched on; for scheduled tasks',
      (yargs) => yargs.positional('settings', { type: 'string', describe: `Path of another ${SETTINGS_FILE}` }),
      (given) => {
        if (given.settings !== undefined && given.config !== undefined)
          throw new UsageError('AUTO was given the path of two settings files.');
        const config = given.settings ?? (given.config as string | undefined);
        return choose({
          command: 'sync',
          params: { auto: true },
          json: given.json as boolean,
          ...(config !== undefined && { config }),
        });
      },
    )
    .command(
      'sync [integration]',
      'Sync one integration, or all that are switched on',
      (yargs) =>
        yargs
          .positional('integration', { type: 'string' })
          .option('entity', entity)
          .option('what-if', {
            type: 'boolean',
            default: false,
            describe: 'Say what would be written, record by record, and write nothing',
          })
          .option('summary', {
            type: 'boolean',
            default: false,
            describe: 'With --what-if only the counts of each entity',
          })
          .option('plan-path', {
            type: 'string',
            requiresArg: true,
            describe: 'With --what-if write it to this new file, too, to be applied by --plan',
          })
          .option('plan', {
            type: 'string',
            requiresArg: true,
            describe: 'Write what the plan in this file says, and ask no vendor',
          })
          .option('force', {
            type: 'boolean',
            default: false,
            describe:
              'Set inactive what is missing though Sync.MaxDeactivatePercent or MinReadPercent say no, this once',
          }),
      (given) =>
        choose({
          command: 'sync',
          params: {
            ...{ integration: given.integration, entities: given.entity, whatIf: given.whatIf, force: given.force },
            ...{ summary: given.summary, planPath: given.planPath, plan: given.plan },
          },
          ...globals(given),
        }),
    )
    .command(
      'test',
      'Check the settings, the database and the vendors',
      (yargs) =>
        yargs.option('send-notice', { type: 'boolean', default: false, describe: 'Send a try of a notice, too' }),
      (given) => choose({ command: 'test', params: { sendNotice: given.sendNotice }, ...globals(given) }),
    )
    .command(
      'diagnose',
      'Look in Halo for codes that are not public: without personal data, to be sent',
      (yargs) =>
        yargs.option('out', { type: 'string', requiresArg: true, describe: 'Write them to this new file, too' }),
      (given) => choose({ command: 'diagnose', params: { path: given.out }, ...globals(given) }),
    )
    .command('integrations', 'Show both switches of every entity', {}, (given) =>
      choose({ command: 'integrations', params: {}, ...globals(given) }),
    )
    .command(
      'enable <integration>',
      'Switch entities on in this instance; all where none is named',
      ...switching('enable'),
    )
    .command('disable <integration>', 'Switch entities off in this instance', ...switching('disable'))
    .command(
      'api <method> <path>',
      'Ask the built-in Halo API: api GET "/Client?search=acme"',
      (yargs) =>
        yargs
          .positional('method', { type: 'string', demandOption: true })
          .positional('path', { type: 'string', demandOption: true }),
      (given) => choose({ command: 'api', params: { method: given.method, path: given.path }, ...globals(given) }),
    )
    .command('config', 'Show or change the settings', (yargs) =>
      yargs
        .command('get', 'Show the settings without secrets', {}, (given) =>
          choose({ command: 'config-get', params: {}, ...globals(given) }),
        )
        .command(
          'set <setting> <value>',
          'Change one setting: config set Sync.BatchSize 2000',
          (yargs) =>
            yargs
              .positional('setting', { type: 'string', demandOption: true })
              .positional('value', { type: 'string', demandOption: true }),
          (given) =>
            choose({
              command: 'config-set',
              params: { changes: { [given.setting]: settingOf(given.setting, given.value, integrationFacts) } },
              ...globals(given),
            }),
        )
        .demandCommand(1, 'config needs get or set.'),
    );
  return taskLines(runLines(everyday, lineCall), lineCall)
    .command('serve', 'Speak the bridge protocol on stdin and stdout (for the PowerShell module)', {}, chooseServing)
    .demandCommand(1, 'Name a command.')
    .strict()
    .check(checkGiven, true)
    .exitProcess(false)
    .fail((message, error: Error | undefined) => {
      // The parser's own errors are about how it was called; all others are what a command ended with.
      throw error && error.name !== 'YError' ? error : new UsageError(message ?? error?.message);
    })
    .version(version);
}

function globals(given: Record<string, unknown>): Pick<CommandCall, 'config' | 'json'> {
  return { json: given.json === true, ...(typeof given.config === 'string' && { config: given.config }) };
}
