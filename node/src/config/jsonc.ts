/**
 * Blanks out comments and trailing commas, so that what is left is JSON. Every other character keeps its line and column,
 * so that a syntax error is still reported where it is.
 */
export function stripComments(text: string): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const end = endOfToken(text, at);
    const token = text.slice(at, end);
    if (isComment(token)) out += token.replace(/[^\r\n]/g, ' ');
    else if (token === ',' && closesNext(text, end)) out += ' ';
    else out += token;
    at = end;
  }
  return out;
}

/** Members that stand twice in an object, by their path: JSON takes the last one, and the first is lost when it is saved. */
export function membersTwice(json: string): string[] {
  const twice: string[] = [];
  const objects: { readonly path: string; readonly names: Set<string> | undefined; name: string }[] = [];
  let text: string | undefined;
  for (let at = 0; at < json.length;) {
    const end = endOfToken(json, at);
    const token = json.slice(at, end);
    at = end;
    const inside = objects.at(-1);
    if (token.startsWith('"')) text = JSON.parse(token) as string;
    else if (token === ':' && inside && text !== undefined) {
      inside.name = inside.path === '' ? text : `${inside.path}.${text}`;
      if (inside.names?.has(text)) twice.push(inside.name);
      inside.names?.add(text);
    } else if (token === '{' || token === '[')
      objects.push({
        path: inside?.name ?? '',
        names: token === '{' ? new Set() : undefined,
        name: inside?.name ?? '',
      });
    else if (token === '}' || token === ']') objects.pop();
  }
  return twice;
}

function isComment(token: string): boolean {
  return token.startsWith('//') || token.startsWith('/*');
}

function endOfToken(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  if (text.startsWith('//', at)) {
    const newline = text.indexOf('\n', at);
    return newline < 0 ? text.length : newline;
  }
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2);
    return close < 0 ? text.length : close + 2;
  }
  return at + 1;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
    else if (text[at] === '\n') return at;
  }
  return text.length;
}

/** Whether the next thing that is neither white space nor comment closes an object or array. */
function closesNext(text: string, from: number): boolean {
  let at = from;
  while (at < text.length) {
    const end = endOfToken(text, at);
    const token = text.slice(at, end);
    if (!isComment(token) && token.trim() !== '') return token === '}' || token === ']';
    at = end;
  }
  return false;
}
