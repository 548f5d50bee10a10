/** The words of text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341). Linear in their length. */
export function enrichedWords(text: string): string {
  return text
    .replaceAll(/<param>[^<]*<\/param>/gi, '')
    .replaceAll(/<<|<\/?[a-z][a-z0-9-]{0,59}>/gi, (found) =>
      found === '<<' ? '<' : found.toLowerCase() === '<nl>' ? '\n' : '',
    );
}
