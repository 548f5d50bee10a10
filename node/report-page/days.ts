/** Older days of a long page keep their runs as text until somebody opens them: a browser takes long over what nobody looks at. */
const kept = ':scope > script[type="text/html"]';

/** All days of the page. */
export function allDays(): HTMLDetailsElement[] {
  return [...document.querySelectorAll<HTMLDetailsElement>('details.day')];
}

/** The runs of a day as text, where they are not on the page yet. */
export function unreadRuns(day: HTMLDetailsElement): string | undefined {
  return day.querySelector(kept)?.textContent ?? undefined;
}

/** Puts a day's runs on the page. */
export function readRuns(day: HTMLDetailsElement): void {
  const text = day.querySelector(kept);
  if (!text) return;
  // Every text in it was escaped when the page was made.
  text.insertAdjacentHTML('afterend', text.textContent ?? '');
  text.remove();
}

/** Puts a day's runs on the page when it is opened. */
export function readWhenOpened(days: readonly HTMLDetailsElement[]): void {
  for (const day of days) day.addEventListener('toggle', () => day.open && readRuns(day));
}
