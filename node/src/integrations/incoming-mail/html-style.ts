const colour = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s,.%]+\)$/i, /^[a-z]{3,25}$/i];
const length = [/^-?[\d.]{1,8}(px|pt|em|rem|%|in|cm|mm)?$/i];
const lengths = [/^(-?[\d.]{1,8}(px|pt|em|rem|%|in|cm|mm)?\s*){1,4}$/i, /^auto$/i];
const word = [/^[a-z -]{1,40}$/i];
const border = [/^[\w#%.,() -]{1,60}$/i];
/** What a mail may say of how its own words look, and in which form. */
const allowed: Readonly<Record<string, readonly RegExp[]>> = {
  color: colour,
  'background-color': colour,
  'font-family': [/^[\w\s,'"-]{1,120}$/],
  'font-size': [...length, ...word],
  'font-weight': [/^\d{3}$/, ...word],
  'font-style': word,
  'text-align': word,
  'text-decoration': word,
  'vertical-align': word,
  width: length,
  height: length,
  'max-width': length,
  margin: lengths,
  'margin-left': lengths,
  'margin-right': lengths,
  'margin-top': lengths,
  'margin-bottom': lengths,
  padding: lengths,
  'padding-left': lengths,
  border,
  'border-left': border,
  'border-top': border,
  'border-bottom': border,
  'border-collapse': word,
};
/** Characters of one style that are looked at; what people's programs write is far less. */
const longestStyle = 4096;
const longestValue = 200;

/**
 * The declarations of a style attribute that are allowed, each of which is words, lengths and colours only. A style is not parsed as
 * CSS: what a comment, a bracket or a quote would make of it, is not allowed by itself either.
 */
export function allowedStyle(style: string): string {
  if (style.length > longestStyle) return '';
  return style
    .split(';')
    .flatMap((declaration) => {
      const colon = declaration.indexOf(':');
      const name = declaration.slice(0, Math.max(colon, 0)).trim().toLowerCase();
      const value = declaration.slice(colon + 1).trim();
      const forms = Object.hasOwn(allowed, name) && value.length <= longestValue ? allowed[name] : undefined;
      return forms?.some((form) => form.test(value)) ? [`${name}:${value}`] : [];
    })
    .join(';');
}
