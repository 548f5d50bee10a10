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
