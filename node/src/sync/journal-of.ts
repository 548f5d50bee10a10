import { ChangeJournal } from '../changes/change-journal.ts';
import type { SyncParts } from './sync.ts';

/** Where the changes of a run are kept; undefined where the settings keep none. */
export function journalOf(
  run: string,
  { settings, environment, secrets, log }: Pick<SyncParts, 'settings' | 'environment' | 'secrets' | 'log'>,
  undoes?: string,
): ChangeJournal | undefined {
  const { Changes, MaxChangesMegabytes, RetentionDays } = settings.settings.Logging;
  if (!Changes) return undefined;
  return new ChangeJournal({
    folder: settings.folder,
    run,
    ...(undoes !== undefined && { undoes }),
    environment,
    secrets,
    retentionDays: RetentionDays,
    mostBytes: MaxChangesMegabytes * 1024 ** 2,
    warn: (message) => log.warn(message),
  });
}
