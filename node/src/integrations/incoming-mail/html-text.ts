/** Elements that need no closing tag and so say nothing about depth. */
const unclosed = new Set(
  'p li td th tr dd dt br img hr input meta link area base col embed source wbr option thead tbody tfoot'.split(' '),
);
const blocks = /<\/?(p|div|h[1-6]|ul|ol|table|tr|blockquote|pre|hr|br|center|section|article|header|footer)\b[^<>]*>/gi;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** How deep elements of some HTML are nested at most, as far as their tags say. Linear in its length, whatever it holds. */
export function nestingDepth(html: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [, closing, name = ''] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)/gi)) {
    if (unclosed.has(name.toLowerCase())) continue;
    depth = Math.max(0, depth + (closing ? -1 : 1));
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/** The words of some HTML, a line for each block. Meant for HTML that was cleaned; of other HTML no more than words are to be had. */
export function htmlText(html: string): string {
  return html
    .replaceAll(/[ \t\r\n]+/g, ' ')
    .replaceAll(/<(style|script|head|title)\b[^<>]*>[^<]*/gi, '')
    .replaceAll(/<li\b[^<>]*>/gi, '\n- ')
    .replaceAll(/<\/t[dh]>/gi, '\t')
    .replaceAll(blocks, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp);/g, (_all, name: string) => entities[name] ?? '')
    .split('\n')
    .map((line) => line.replaceAll('\u00a0', ' ').trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
