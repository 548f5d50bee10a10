import type { Argv } from 'yargs';
import { UsageError } from '../errors/command-errors.ts';
import { didYouMean } from '../errors/did-you-mean.ts';

/**
 * The error of a line that could not be understood, led to its fix: where its command is none there is, the command most likely
 * meant, else the help of that command.
 *
 * @param line a parser with every command, which has not parsed yet
 */
export async function toldOfCommand(error: unknown, words: readonly string[], line: Argv): Promise<unknown> {
  if (!(error instanceof UsageError) || !error.message.startsWith('Unknown argument')) return error;
  const name = words.find((word, index) => !word.startsWith('-') && words[index - 1] !== '--config');
  if (name === undefined) return error;
  const known = await commandsOf(line);
  return known.includes(name)
    ? new UsageError(error.message, `Run halo-db-integrator ${name} --help for what it takes.`)
    : new UsageError(`There is no command "${name}".`, didYouMean(name, known, 'Use one of'));
}

/** What the parser would complete an empty word to; some shells get a description behind it. */
async function commandsOf(line: Argv): Promise<string[]> {
  const completions = await line.getCompletion(['']);
  return completions.filter((one) => !one.startsWith('-')).map((one) => one.replace(/[:\t].*$/s, ''));
}
