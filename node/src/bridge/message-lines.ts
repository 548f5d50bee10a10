import { isUtf8 } from 'node:buffer';

/** A longer line is no message: nothing that is asked for comes near it. */
export const longestLine = 16 * 1024 * 1024;

const lineFeed = 0x0a;

/** In the place of a line that cannot be taken: what is wrong with it, in the words behind "A line ". */
export interface UntakenLine {
  readonly problem: string;
}

/** The lines of the input as they come. */
export async function* messageLines(input: NodeJS.ReadableStream): AsyncGenerator<string | UntakenLine> {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > longestLine) parts = [];
    else parts.push(part);
  };
  const take = (): string | UntakenLine => {
    const line = Buffer.concat(parts);
    const tooLong = size > longestLine;
    parts = [];
    size = 0;
    if (tooLong) return { problem: `is longer than ${longestLine} bytes` };
    return isUtf8(line) ? line.toString('utf8') : { problem: 'is not UTF-8' };
  };
  for await (const given of input) {
    const chunk = typeof given === 'string' ? Buffer.from(given) : given;
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      add(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    add(chunk.subarray(from));
  }
  if (size > 0) yield take();
}
