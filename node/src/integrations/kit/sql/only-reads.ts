import { SourceQueryWritesError } from '../../../errors/source-database-errors.ts';
import type { SourceDialect } from './source-database.ts';

/** Words that make a statement more than a question, in any of the dialects. */
const writing = new Set(
  (
    'insert update delete merge replace truncate drop alter create grant revoke deny exec execute call do into use set declare ' +
    'begin commit rollback save backup restore shutdown kill bulk openrowset opendatasource openquery waitfor dbcc reconfigure ' +
    'load handler lock unlock copy vacuum rename attach prepare deallocate go'
  ).split(' '),
);

/** What is no code: comments, texts, and names in brackets or quotes; MySQL runs what stands in its version comments. */
const apart: Readonly<Record<SourceDialect, RegExp>> = {
  'sql-server': /--[^\n]*|\/\*[^]*?\*\/|N?'(?:[^']|'')*'|"(?:[^"]|"")*"|\[(?:[^\]]|\]\])*\]/gi,
  mysql: /--(?=\s|$)[^\n]*|#[^\n]*|\/\*(?![!M])[^]*?\*\/|'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|`(?:[^`]|``)*`/g,
  postgresql: /--[^\n]*|\/\*[^]*?\*\/|E'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[^]*?\1/gi,
};

/**
 * Refuses a text that is more than one question: it begins with SELECT or WITH, is one statement, and has no word that writes. The
 * transaction is taken back all the same; this says it before anything is sent. Throws SourceQueryWritesError.
 */
export function onlyReads(name: string, text: string, dialect: SourceDialect): void {
  const code = text.replace(apart[dialect], ' \u0000 ');
  const words: readonly string[] = code.toLowerCase().match(/[\p{L}_@#$][\p{L}\p{N}_@#$]*|;|\/\*/gu) ?? [];
  const [first] = words;
  if (first !== 'select' && first !== 'with')
    throw new SourceQueryWritesError(name, first === undefined ? 'nothing' : `"${first}" at its beginning`);
  const found = words.find((word) => writing.has(word) || word === '/*');
  if (found !== undefined) throw new SourceQueryWritesError(name, `"${found}"`);
  const end = words.indexOf(';');
  if (end >= 0 && words.slice(end).some((word) => word !== ';'))
    throw new SourceQueryWritesError(name, 'more than one statement');
}
