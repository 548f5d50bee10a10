import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs from 'yargs';
import type { Environment } from '../environment.ts';
import { UsageError } from '../errors/command-errors.ts';
import { ExitCode, reportOf } from '../errors/integrator-error.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { shownJson, shownText } from '../shown-text.ts';
import { systemEnvironment } from '../system-environment.ts';
import { Chosen } from './chosen.ts';
import { commandsOf } from './command-lines.ts';
import { asksForJson, givenWords, wordsAsMeant } from './given-words.ts';
import { fittedFor } from './terminal.ts';
import { toldOfCommand } from './unknown-command.ts';

/** The folder that holds the engine's own appsettings.json: the project's, two above the engine. */
const engineFolder = join(
  dirname(fileURLToPath(import.meta.url)),
  import.meta.url.endsWith('.ts') ? '../../..' : '../..',
);

/** Runs one command line and answers the exit code. */
export async function runCommandLine(given: readonly string[]): Promise<number> {
  const environment = systemEnvironment(engineFolder);
  const args = environment.platform === 'win32' ? wordsAsMeant(given) : given;
  // Output that nobody takes (a full disk, a closed pipe or console) is lost, and the work goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const json = asksForJson(args);
  const secrets = new KnownSecrets();
  let words = args;
  let chosen: Chosen;
  try {
    words = givenWords(args);
    const found = await chosenBy(words);
    // Help, or the version, which are shown by now.
    if (!found) return ExitCode.Done;
    chosen = found;
  } catch (error) {
    if (words[0] === 'AUTO') return complain(await misunderstood(error, words.slice(1), environment), json, secrets);
    const told = await toldOfCommand(error, words, commandsOf(yargs([])));
    return complain(told, json, secrets);
  }
  try {
    return await chosen.run(environment, secrets);
  } catch (error) {
    return complain(error, json, secrets);
  }
}

/** What a command line asks for; undefined where the parser has answered it. Throws UsageError. */
async function chosenBy(words: readonly string[]): Promise<Chosen | undefined> {
  try {
    await commandsOf(yargs(words)).parseAsync();
    return undefined;
  } catch (error) {
    if (error instanceof Chosen) return error;
    throw error;
  }
}

/** What AUTO was given makes no sense: most likely a path with spaces and no quotes. The instance's log must say it. */
async function misunderstood(error: unknown, words: readonly string[], environment: Environment): Promise<unknown> {
  const [{ meantFolder, writeLastWords }, { writeRunEvent }] = await Promise.all([
    import('../logging/last-words.ts'),
    import('../windows/run-event.ts'),
  ]);
  const path = words.filter((word) => !word.startsWith('--')).join(' ');
  const advice = 'AUTO takes one path; put it in double quotes where it has spaces.';
  const told = error instanceof UsageError ? new UsageError(error.message, advice) : error;
  const folder = await meantFolder(path, environment);
  await writeLastWords(reportOf(told), folder, environment);
  await writeRunEvent(folder ?? path, reportOf(told), environment);
  return told;
}

/** An error in one clear line with its fix; as JSON where asked. */
async function complain(error: unknown, json: boolean, secrets: KnownSecrets): Promise<number> {
  const report = secrets.mask(reportOf(error));
  const told = (): string => shownText(`${report.message}\nFix: ${report.advice} (${report.code})\n`);
  process.stderr.write(
    json ? `${shownJson(JSON.stringify({ error: report }))}\n` : await fittedFor(process.stderr, told(), 5),
  );
  return report.exitCode;
}
