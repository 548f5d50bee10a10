/**
 * Text as it may be shown, whoever wrote it: a record's name or a vendor's message may hold characters that steer a terminal, or
 * turn the direction of what stands beside them, and would hide or forge it. Line ends and tabs stay.
 */
export function shownText(text: string): string {
  return text.replaceAll(steering, '\ufffd');
}

/** The same on one line, and no longer than that: what one record brings must not look like several, nor fill the page. */
export function shownLine(text: string, longest = 200): string {
  const line = shownText(text.replaceAll(/\s*[\r\n]+\s*|\t/g, ' '));
  return cutText(line, longest);
}

/** The text, and no more of it than that; where it was cut, an ellipsis says so. */
export function cutText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest);
  // Never within a character of two units.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** The texts within data as they may be shown. */
export function shownData<T>(data: T): T {
  if (typeof data === 'string') return shownText(data) as T;
  if (typeof data !== 'object' || data === null || data instanceof Date) return data;
  if (Array.isArray(data)) return data.map((one: unknown) => shownData(one)) as T;
  return Object.fromEntries(Object.entries(data).map(([name, one]) => [name, shownData<unknown>(one)])) as T;
}

/** JSON that means the same, and holds no character that steers a terminal. */
export function shownJson(json: string): string {
  return json.replaceAll(steering, (one) =>
    /[\r\n\t]/.test(one)
      ? one
      : Array.from({ length: one.length }, (_, at) => `\\u${one.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
          '',
        ),
  );
}

/**
 * Control characters; marks, overrides and isolates of direction; invisible spaces, line and paragraph separators; and tags, which
 * spell out a hidden text. The joiners that scripts and emoji need are not among them.
 */
const steering =
  /\r(?!\n)|(?![\r\n\t])\p{Cc}|[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;
