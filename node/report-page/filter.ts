import { readRuns, unreadRuns } from './days.ts';

interface Asked {
  readonly words: readonly string[];
  readonly failed: boolean;
  readonly integration: string;
}

/** Lets the runs be searched, and kept to those that need somebody, or to one integration. */
export function filterRuns(days: readonly HTMLDetailsElement[]): void {
  const form = document.querySelector<HTMLFormElement>('#filter');
  const output = form?.querySelector('output');
  if (!form || !output) return;
  const opened = new Set(days.filter((day) => day.open));
  const texts = new Map<Element, string>();
  const total = days.reduce((sum, day) => sum + Number(day.dataset['runs']), 0);
  offerIntegrations(form);

  const textOf = (run: Element): string => {
    const known = texts.get(run) ?? (run.textContent ?? '').toLowerCase();
    texts.set(run, known);
    return known;
  };
  const fits = (run: HTMLDetailsElement, { words, failed, integration }: Asked): boolean =>
    (!failed || run.classList.contains('bad') || run.classList.contains('warn')) &&
    (!integration || (run.dataset['of'] ?? '').split('|').includes(integration)) &&
    words.every((word) => textOf(run).includes(word));

  /** Whether a day whose runs are not on the page may hold one that fits. */
  const mayFit = (day: HTMLDetailsElement, { words, failed }: Asked): boolean => {
    const text = unreadRuns(day);
    if (text === undefined) return true;
    if (failed && !/class="run (?:bad|warn)"/.test(text)) return false;
    const lower = words.length > 0 ? text.toLowerCase() : '';
    // A word with a character that is escaped in the text may be anywhere.
    return words.every((word) => /[^\p{L}\p{N} .,_-]/u.test(word) || lower.includes(word));
  };

  const apply = (): void => {
    const asked = askedIn(form);
    const any = asked.words.length > 0 || asked.failed || asked.integration !== '';
    let shown = 0;
    for (const day of days) {
      const may = !any || mayFit(day, asked);
      if (any && may) readRuns(day);
      let here = 0;
      for (const run of day.querySelectorAll<HTMLDetailsElement>('details.run')) {
        run.hidden = !fits(run, asked);
        if (!run.hidden) here++;
      }
      shown += here;
      day.hidden = any && (!may || here === 0);
      day.open = any ? here > 0 : opened.has(day);
    }
    output.value = any ? `${shown} of ${total} runs` : '';
  };
  let waiting: ReturnType<typeof setTimeout> | undefined;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 150);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
}

function askedIn(form: HTMLFormElement): Asked {
  const given = new FormData(form);
  const text = (name: string): string => {
    const value = given.get(name);
    return typeof value === 'string' ? value : '';
  };
  return {
    words: text('words').toLowerCase().split(/\s+/).filter(Boolean),
    failed: given.has('failed'),
    integration: text('of'),
  };
}

function offerIntegrations(form: HTMLFormElement): void {
  const select = form.elements.namedItem('of');
  if (!(select instanceof HTMLSelectElement)) return;
  const names = new Set(
    [...document.querySelectorAll<HTMLElement>('.entities [data-of]')].map((one) => one.dataset['of']),
  );
  for (const name of [...names].sort()) if (name) select.add(new Option(name, name));
  const label = select.closest('label');
  if (label) label.hidden = names.size < 2;
}
