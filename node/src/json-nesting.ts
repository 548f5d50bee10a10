const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [...'"\\[]{}'].map((one) =>
  one.charCodeAt(0),
);

/**
 * Whether lists and objects in a JSON text (UTF-8) lie in one another deeper than that; read before the parser takes memory for
 * them. What begins with neither is no such text.
 */
export function nestsDeeper(json: Uint8Array, most: number): boolean {
  const begin = json.findIndex((byte) => byte > 0x20 && ![0xef, 0xbb, 0xbf].includes(byte));
  if (json[begin] !== openBrace && json[begin] !== openBracket) return false;
  let depth = 0;
  for (let at = begin; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      for (at++; at < json.length && json[at] !== quote; at++) if (json[at] === backslash) at++;
    } else if (byte === openBrace || byte === openBracket) {
      if (++depth > most) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth--;
  }
  return false;
}
