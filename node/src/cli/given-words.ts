import { UsageError } from '../errors/command-errors.ts';

/** Options that are on or off. */
const switches = ['json', 'what-if', 'failed', 'force', 'via-powershell'];
/** Options and words that may be given several times. */
const several = new Set(['_', 'entity', 'paths']);

/**
 * The words of a command line in the form its parser takes them: AUTO in any case, as scheduled tasks write it, and switches
 * with a value as PowerShell writes one (`--what-if=True`). A switch with any other value is refused: the parser would take it
 * for off, and a run that was to write nothing would write. Throws UsageError.
 */
export function givenWords(args: readonly string[]): string[] {
  return args.map((word, index) => {
    if ((index === 0 || args[index - 2] === '--config') && word.toLowerCase() === 'auto') return 'AUTO';
    const [, given = '', value = ''] = /^--([a-z-]+)=(.*)$/is.exec(word) ?? [];
    // The parser takes --whatIf, too.
    const name = inKebabCase(given);
    if (!switches.includes(name)) return word;
    if (!/^(true|false)$/i.test(value)) throw new UsageError(`--${name} is on or off, and not "${value}".`);
    return `--${name}=${value.toLowerCase()}`;
  });
}

/** Options whose value is a path. */
const pathOptions = ['config', 'html', 'copy-from'];

/**
 * The words of a Windows command line as they were meant. A backslash before a quote takes its meaning from it, so that the path of
 * a folder, `"C:\a b\"`, comes with a quote at its end and all that follows. No path of Windows holds a quote: there it ended.
 */
export function wordsAsMeant(args: readonly string[]): string[] {
  return args.flatMap((word, index) => {
    const end = isPath(word, index, args) ? word.indexOf('"') : -1;
    if (end < 1) return [word];
    const behind = word.slice(end + 1).split(/[\s"]+/);
    return [`${word.slice(0, end)}\\`, ...behind.filter((one) => one !== '')];
  });
}

function isPath(word: string, index: number, args: readonly string[]): boolean {
  const option = /^--([a-z-]+)=/i.exec(word)?.[1] ?? /^--([a-z-]+)$/i.exec(args[index - 1] ?? '')?.[1];
  if (option !== undefined) return pathOptions.includes(inKebabCase(option));
  const takesPaths = index > 0 && ['auto', 'task', 'instance'].includes(args[0]?.toLowerCase() ?? '');
  return takesPaths || /^(?:[a-z]:[\\/]|\\\\|\.\.?\\)/i.test(word);
}

/** Whether the line asks for JSON, which its errors must be then, too, also those of a line that cannot be understood. */
export function asksForJson(args: readonly string[]): boolean {
  return args.some((word, index) => (word === '--json' ? args[index + 1] !== 'false' : /^--json=true$/i.test(word)));
}

function inKebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Refuses what was given twice where one is taken, and what was given without a value. Throws UsageError. */
export function checkGiven(given: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(given)) {
    if (several.has(name)) continue;
    const shown = name.length > 1 ? `--${inKebabCase(name)}` : name;
    if (Array.isArray(value)) throw new UsageError(`${shown} was given ${value.length} times.`);
    // The value of a setting may well be empty.
    if (value === '' && name !== 'value') throw new UsageError(`${shown} was given without a value.`);
    if (Number.isNaN(value)) throw new UsageError(`${shown} must be a number.`);
  }
  return true;
}
