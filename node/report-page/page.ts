import { allDays, readRuns, readWhenOpened, unreadRuns } from './days.ts';
import { filterRuns } from './filter.ts';
import { drawTimeline } from './timeline.ts';

const days = allDays();

/** The day and the run an address points at are opened, so that a link from the summary leads somewhere. */
function openTarget(): void {
  const id = decodeURIComponent(location.hash.slice(1));
  const unread = id === '' ? undefined : days.find((day) => unreadRuns(day)?.includes(`id="${CSS.escape(id)}"`));
  if (unread) readRuns(unread);
  const target = document.getElementById(id);
  if (!(target instanceof HTMLDetailsElement)) return;
  const day = target.closest<HTMLDetailsElement>('details.day');
  if (day) {
    day.hidden = false;
    day.open = true;
  }
  target.hidden = false;
  target.open = true;
  target.scrollIntoView({ block: 'center' });
  target.querySelector('summary')?.focus();
}

drawTimeline();
filterRuns(days);
readWhenOpened(days);
addEventListener('hashchange', openTarget);
addEventListener('beforeprint', () => days.forEach((day) => day.hidden || readRuns(day)));
if (location.hash) openTarget();
