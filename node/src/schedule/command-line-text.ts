/** Arguments as one text, as Windows programs take it apart: a backslash counts only before a quote. */
export function joinArguments(words: readonly string[]): string {
  return words.map((word) => (/^[^\s"]+$/.test(word) ? word : quoted(word))).join(' ');
}

/** A word in double quotes, whatever it holds. */
export function quoted(word: string): string {
  return `"${word.replace(/(\\*)("|$)/g, (_, slashes: string, quote: string) => slashes + slashes + (quote && '\\"'))}"`;
}

/** A PowerShell text in single quotes; the typographic ones close a text, too. */
export function powerShellText(text: string): string {
  return `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}
