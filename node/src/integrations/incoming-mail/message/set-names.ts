/** How programs write names of sets that no list has, and the name of the Encoding Standard. Tried on names in lower case. */
const written: readonly (readonly [name: RegExp, set: string])[] = [
  [/utf-?8\b|\butf-?8|65001/, 'utf-8'],
  [/gb-?18030/, 'gb18030'],
  [/gbk|gb_?2312|euc-?cn|936/, 'gbk'],
  [/big-?5|cp-?950/, 'big5'],
  [/euc-?kr|5601|ksc|949/, 'euc-kr'],
  [/2022-?jp/, 'iso-2022-jp'],
  [/euc-?jp/, 'euc-jp'],
  [/s(hift)?[-_]?jis|932|31j/, 'shift_jis'],
  [/koi8-?r?u$/, 'koi8-u'],
  [/koi8?(-?r)?$/, 'koi8-r'],
  [/latin-?9\b/, 'iso-8859-15'],
];
/** Sets with a number in their names. */
const numbered = /(?:^|[^\d])(?:8859[-_.]?(\d{1,2})(?!\d)|(125\d|874)(?!\d))/;

/** What is meant by the name of a set, in lower case, that is none; undefined where nobody can know. */
export function meantSet(name: string): string | undefined {
  const [, part, page] = numbered.exec(name) ?? [];
  if (part !== undefined) return `iso-8859-${Number(part)}`;
  if (page !== undefined) return `windows-${page}`;
  return written.find(([form]) => form.test(name))?.[1];
}
