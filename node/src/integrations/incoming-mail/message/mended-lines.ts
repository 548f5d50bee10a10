const newLine = 0x0a;
/** As much of a line as tells what it is. */
const lineHead = 200;
/** As many bytes of a message as its headers are looked for in. */
const longestHead = 256 * 1024;
/** Bytes that are mended at a time. */
const pieceBytes = 64 * 1024;
/** More boundaries than any mail declares. */
const mostBoundaries = 1000;
const headerLine = /^[!-9;-~]{1,100}[ \t]*:/;
/** Headers of a message, which do not stand in the midst of its words. */
const ofMessage = /^(from|to|cc|subject|date|message-id|received|mime-version|return-path|reply-to)[ \t]*:/i;

/**
 * The message with lines that end as they should, none of them empty before its headers, and an empty one where a program has left it
 * out, or written it with blanks in it, between headers and what is under them: without one, that would be taken for headers, and
 * lost. The same bytes where nothing is to be mended. Linear in their length.
 */
export function mendLines(message: Buffer): Buffer {
  const source = withPlainNames(fromHeaders(withLineEnds(message)));
  const found = [endOfHeaders(source, 0, 'message'), ...partsWithout(source)].filter((at) => at !== undefined);
  const places = [...new Set(found)].toSorted((a, b) => a - b);
  if (places.length === 0) return source;
  const ends = [0, ...places];
  return Buffer.concat(
    ends.flatMap((from, at) => [...(at > 0 ? [Buffer.from('\r\n')] : []), source.subarray(from, ends[at + 1])]),
  );
}

/** Lines that end in CR alone, or that were ended twice on their way. */
function withLineEnds(source: Buffer): Buffer {
  const first = source.indexOf('\r');
  if (first < 0 || source[first + 1] === newLine) return source;
  if (source[first + 1] === 0x0d && source[first + 2] === newLine) return endedOnce(source);
  return source.includes(newLine) ? source : Buffer.from(source.map((byte) => (byte === 0x0d ? newLine : byte)));
}

function endedOnce(source: Buffer): Buffer {
  const mended = Buffer.alloc(source.length);
  let end = 0;
  for (let at = 0; at < source.length; at++) {
    const isSecond = source[at] === 0x0d && source[at + 1] === 0x0d && source[at + 2] === newLine;
    if (!isSecond) mended[end++] = source[at] ?? 0;
  }
  return mended.subarray(0, end);
}

/** Without empty lines, or a byte order mark, before the headers. */
function fromHeaders(source: Buffer): Buffer {
  let at = source[0] === 0xef && source[1] === 0xbb && source[2] === 0xbf ? 3 : 0;
  while (at < source.length && lineAt(source, at) === '') at = lineEnd(source, at);
  return at > 0 && headerLine.test(lineAt(source, at)) ? source.subarray(at) : source;
}

/** Without blanks between the names of headers and their colons (RFC 5322 4.5), which few read. */
function withPlainNames(source: Buffer): Buffer {
  const begin = source.subarray(0, longestHead);
  const ends = [begin.indexOf('\n\r\n'), begin.indexOf('\n\n')].filter((at) => at >= 0);
  const end = Math.min(begin.length, ...ends);
  const head = begin.toString('latin1', 0, end);
  if (!/^[!-9;-~]{1,100}[ \t]{1,20}:/m.test(head)) return source;
  const mended = Buffer.alloc(source.length);
  let length = mended.write(head.replaceAll(/^([!-9;-~]{1,100})[ \t]{1,20}:/gm, '$1:'), 'latin1');
  for (let from = end; from < source.length;) {
    const to = lineEnd(source, Math.min(from + pieceBytes, source.length));
    const piece = source.toString('latin1', from, to);
    length += mended.write(piece.replaceAll(/^(Content-[A-Za-z-]{1,40})[ \t]{1,20}:/gim, '$1:'), length, 'latin1');
    from = to;
  }
  return mended.subarray(0, length);
}

/** Where the empty line behind the headers of parts is missing. */
function partsWithout(source: Buffer): readonly number[] {
  let boundaries: ReadonlySet<string> | undefined;
  const places: number[] = [];
  for (let at = source.indexOf('\n--'); at >= 0; at = source.indexOf('\n--', at + 1)) {
    const begin = lineEnd(source, at + 1);
    const place = begin < source.length ? endOfHeaders(source, begin, 'part') : undefined;
    if (place === undefined) continue;
    boundaries ??= boundariesIn(source);
    if (boundaries.has(lineAt(source, at + 3).trimEnd())) places.push(place);
  }
  return places;
}

/** Where an empty line is missing behind headers that begin here; undefined where none is. */
function endOfHeaders(source: Buffer, from: number, of: 'message' | 'part'): number | undefined {
  /** The first line that is none of the headers, and one behind a line of blanks. */
  let odd: number | undefined;
  let behindBlanks: number | undefined;
  let blanks = false;
  let headers = 0;
  let at = from;
  for (; at < source.length; at = lineEnd(source, at)) {
    const line = lineAt(source, at);
    if (line === '') break;
    if (of === 'part' && line.startsWith('--')) break;
    const isBlanks = line.trim() === '';
    const isHeader = headerLine.test(line);
    if (isHeader ? ofMessage.test(line) : false) odd = behindBlanks = undefined;
    else if (!isHeader && !isBlanks && (at === from || !/^[ \t]/.test(line)) && !/^>?From /.test(line)) {
      odd ??= at;
      // The first part, right behind the headers of the whole, is none of them either.
      if (blanks || line.startsWith('--')) behindBlanks ??= at;
    }
    blanks = isBlanks;
    if (isHeader) headers++;
  }
  if (behindBlanks !== undefined) return behindBlanks;
  if (odd === from && headers === 0) return odd;
  const under = odd === undefined ? undefined : firstWords(source, at);
  const nothingUnder = under === undefined || (of === 'part' && under.startsWith('--'));
  return odd !== undefined && ((of === 'part' && odd === from) || nothingUnder) ? odd : undefined;
}

/** The first line with something in it; undefined where there is none. */
function firstWords(source: Buffer, from: number): string | undefined {
  for (let at = from; at < source.length; at = lineEnd(source, at)) {
    const line = lineAt(source, at);
    if (line.trim() !== '') return line;
  }
  return undefined;
}

function boundariesIn(source: Buffer): ReadonlySet<string> {
  const found = new Set<string>();
  for (const word of ['boundary', 'Boundary', 'BOUNDARY']) {
    for (let at = source.indexOf(word); at >= 0 && found.size < mostBoundaries; at = source.indexOf(word, at + 8)) {
      const value = source.subarray(at, at + lineHead).toString('latin1');
      const [, quoted, plain] = /^boundary\s{0,9}=\s{0,9}(?:"([^"\r\n]+)"|([^\s;"]+))/i.exec(value) ?? [];
      found.add((quoted ?? plain ?? '').trimEnd());
    }
  }
  found.delete('');
  return found;
}

function lineEnd(source: Buffer, from: number): number {
  const end = source.indexOf(newLine, from);
  return end < 0 ? source.length : end + 1;
}

function lineAt(source: Buffer, from: number): string {
  return source
    .subarray(from, Math.min(lineEnd(source, from), from + lineHead))
    .toString('latin1')
    .replace(/\r{0,9}\n?$/, '');
}
