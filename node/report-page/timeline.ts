import uPlot from 'uplot';

const series = [
  { name: 'Created', column: 3, color: '--created' },
  { name: 'Updated', column: 4, color: '--updated' },
  { name: 'Set inactive', column: 5, color: '--deactivated' },
  { name: 'Rejected', column: 6, color: '--rejected' },
] as const;

/** Draws what changed over time from the table of figures, as bars that stand on each other, and marks where runs failed. */
export function drawTimeline(): void {
  const place = document.getElementById('chart');
  const rows = [...document.querySelectorAll<HTMLTableRowElement>('#timeline tbody tr')];
  if (!place || rows.length < 2) return place?.remove();
  const at = rows.map((row) => Number(row.dataset['at']));
  const column = (index: number): number[] => rows.map((row) => Number(row.cells[index]?.textContent));
  const counts = series.map(({ column: index }) => column(index));
  const stacked = counts.map((_, upTo) => at.map((_at, row) => sum(counts.slice(0, upTo + 1), row)));
  const failed = column(2).map((runs, row) => (runs > 0 ? (stacked.at(-1)?.[row] ?? 0) : null));
  const zone = place.dataset['zone'] ?? 'UTC';
  const hourly = place.dataset['unit'] === 'hour';
  const shown = new Intl.DateTimeFormat('en-GB', {
    ...(hourly
      ? { timeZone: zone, hour: '2-digit', minute: '2-digit' }
      : { timeZone: 'UTC', day: 'numeric', month: 'short' }),
  });
  const step = hourly ? 3600 : 86_400;

  const draw = (): uPlot => {
    const styles = getComputedStyle(document.documentElement);
    const color = (name: string): string => styles.getPropertyValue(name).trim();
    const bars = uPlot.paths.bars?.({ size: [0.7, 40], align: 0 });
    const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
    return new uPlot(
      {
        ...{
          width: place.clientWidth,
          height: 190,
          tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), hourly ? zone : 'UTC'),
        },
        scales: {
          x: { range: (_, low, high) => [low - step / 2, high + step / 2] },
          y: { range: (_, __, high) => [0, high * 1.1 || 1] },
        },
        axes: [
          { ...axis, values: (_, splits) => splits.map((split) => shown.format(split * 1000)) },
          {
            ...axis,
            size: 56,
            values: (_, splits) => splits.map((split) => (split % 1 ? '' : split.toLocaleString('en-GB'))),
          },
        ],
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        legend: { live: true, markers: { width: 0 } },
        series: [
          {
            label: hourly ? 'Hour' : 'Day',
            value: (_, at) => (at === null || at === undefined ? '–' : shown.format(at * 1000)),
          },
          // The tallest first, so that the others stand before it.
          ...series.toReversed().map(({ name, color: variable }, fromEnd): uPlot.Series => {
            const own = counts[series.length - 1 - fromEnd] ?? [];
            return {
              ...{ label: name, fill: color(variable), stroke: color(variable), width: 0, points: { show: false } },
              ...(bars && { paths: bars }),
              value: (_, __, ___, index) =>
                index === null || index === undefined ? '–' : (own[index] ?? 0).toLocaleString('en-GB'),
            };
          }),
          {
            ...{ label: 'Failed runs', stroke: color('--bad'), paths: () => null, width: 0 },
            points: { show: true, size: 9, fill: color('--bad'), stroke: color('--page') },
            value: (_, __, ___, index) => (index === null || index === undefined ? '–' : String(column(2)[index] ?? 0)),
          },
        ],
      },
      [at, ...stacked.toReversed(), failed],
      place,
    );
  };

  let chart = draw();
  const again = (): void => {
    chart.destroy();
    chart = draw();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  new ResizeObserver(() => {
    if (place.clientWidth > 0 && place.clientWidth !== chart.width)
      chart.setSize({ width: place.clientWidth, height: 190 });
  }).observe(place);
}

function sum(counts: readonly (readonly number[])[], row: number): number {
  return counts.reduce((total, one) => total + (one[row] ?? 0), 0);
}
