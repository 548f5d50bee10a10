/** A longer line is no message: nothing that is asked for comes near it. */
export const longestLine = 16 * 1024 * 1024;

const lineFeed = 0x0a;

/** The lines of the input as they come; undefined in the place of one that is too long to be kept. */
export async function* messageLines(input: NodeJS.ReadableStream): AsyncGenerator<string | undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size > longestLine) parts = [];
    else parts.push(part);
  };
  const take = (): string | undefined => {
    const text = size > longestLine ? undefined : Buffer.concat(parts).toString('utf8');
    parts = [];
    size = 0;
    return text;
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
