/** What codes of Halo's mean, by `"code=meaning"` lines of a setting; codes in lower case. */
export function codeMeanings(lines: unknown): ReadonlyMap<string, string> {
  const meanings = new Map<string, string>();
  for (const line of Array.isArray(lines) ? (lines as unknown[]) : []) {
    const [code, ...meaning] = String(line).split('=');
    if (code && meaning.length > 0) meanings.set(code.trim().toLowerCase(), meaning.join('=').trim());
  }
  return meanings;
}
