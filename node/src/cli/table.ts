import type { HorizontalTableRow } from 'cli-table3';
import { unboundColumns } from './terminal.ts';

/** A column, which may take what it needs, and where `shrinks` less: its texts then go on in a next line. */
export interface TableColumn {
  readonly head: string;
  readonly right?: boolean;
  readonly shrinks?: boolean;
}

/** A row, and what is said below it over the whole width. */
export interface TableRow {
  readonly cells: readonly (string | number)[];
  readonly below?: readonly string[];
}

const gap = 2;
const indent = 4;
const narrowest = 8;
const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('middle')
    .map((part) => [part, '']),
);

/** How many characters a line of the output takes. */
function outputWidth(): number {
  return process.stdout.columns || unboundColumns;
}

/** A table for a person's eyes, no wider than that. */
export async function table(
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
  width = outputWidth(),
): Promise<string> {
  const [{ default: Table }, { default: shownWidth }, { default: wrap }] = await Promise.all([
    import('cli-table3'),
    import('string-width'),
    import('wrap-ansi'),
  ]);
  const texts = [columns.map(({ head }) => head), ...rows.map(({ cells }) => cells.map(String))];
  const needed = columns.map((_, at) =>
    Math.max(...texts.flatMap((cells) => (cells[at] ?? '').split('\n').map((line) => shownWidth(line)))),
  );
  const fit = fitted(columns, needed, width);
  // What is said below rows takes the whole line, which a column without a head fills up.
  const rest = rows.some(({ below }) => below && below.length > 0) ? Math.max(0, width - total(fit)) : 0;
  const widths = fit.map((one) => one + gap);
  const under = (lines: readonly string[] = []): HorizontalTableRow[] =>
    lines.map((line) => {
      const wrapped = wrap(line, width - indent, { hard: true, trim: true }).split('\n');
      const content = wrapped.map((one) => ' '.repeat(indent) + one).join('\n');
      return [{ content, colSpan: columns.length + 1, wordWrap: false, hAlign: 'left', style: { 'padding-right': 0 } }];
    });
  const made = new Table({
    chars: noLines,
    colWidths: [...widths, rest],
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    wordWrap: true,
  });
  const [heads = [], ...bodies] = texts;
  made.push([...heads, ''], [...heads.map((head) => '-'.repeat(shownWidth(head))), '']);
  for (const [at, cells] of bodies.entries()) made.push([...cells, ''], ...under(rows[at]?.below));
  return made
    .toString()
    .split('\n')
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one + gap, 0);
}

/** The widths the columns get: those that may shrink give up what the line has not, the widest first. */
function fitted(columns: readonly TableColumn[], needed: readonly number[], width: number): number[] {
  const widths = [...needed];
  const shrinking = columns.flatMap(({ shrinks }, at) => (shrinks ? [at] : []));
  while (total(widths) - gap > width) {
    const [widest] = shrinking.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined || (widths[widest] ?? 0) <= narrowest) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
