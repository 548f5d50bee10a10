/** The items of a list that Halo keeps as text: a JSON array (of texts, numbers or objects with a name or id) or a comma list. */
export function codesIn(list: unknown): readonly string[] {
  if (typeof list !== 'string' || list.trim() === '') return [];
  let items: unknown = list.split(',');
  try {
    const parsed: unknown = JSON.parse(list);
    items = Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    // Not JSON: the comma list stands.
  }
  return (items as unknown[]).map((item) => codeOf(item).trim()).filter((code) => code !== '');
}

function codeOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  const { id, name } = item as Record<string, unknown>;
  return String(name ?? id ?? JSON.stringify(item));
}

/** The `"code=meaning"` lines of a setting; what is no such line is passed over, and a meaning may have a "=" of its own. */
export function codeLines(lines: unknown): readonly (readonly [code: string, meaning: string])[] {
  return (Array.isArray(lines) ? (lines as unknown[]) : []).flatMap((line): [string, string][] => {
    const [code = '', ...meaning] = String(line).split('=');
    return code.trim() === '' || meaning.length === 0 ? [] : [[code.trim(), meaning.join('=').trim()]];
  });
}

/** What codes of Halo's mean, by such lines; codes in lower case, of which the last line counts. */
export function codeMeanings(lines: unknown): ReadonlyMap<string, string> {
  return new Map(codeLines(lines).map(([code, meaning]) => [code.toLowerCase(), meaning]));
}
