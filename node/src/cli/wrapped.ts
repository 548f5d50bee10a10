import wrap from 'wrap-ansi';

/** Lines of text as a terminal of that width shows them without taking words apart; what goes on in a next line is indented. */
export function wrapped(text: string, width: number, indent: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const own = /^ */.exec(line)?.[0].length ?? 0;
      const [first = '', ...rest] = wrap(line.trimStart(), Math.max(20, width - Math.max(own, indent)), {
        hard: true,
        trim: true,
      }).split('\n');
      return [' '.repeat(own) + first, ...rest.map((one) => ' '.repeat(Math.max(own, indent)) + one)];
    })
    .join('\n');
}
