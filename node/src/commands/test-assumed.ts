import { compareLinks, compareSettings } from '../diagnostic/compare-assumed.ts';
import { looks } from '../diagnostic/looks.ts';
import type { SyncParts } from '../sync/sync.ts';
import type { Check } from './check.ts';

/** Tables that are read to the end, which a check has no time for. */
const long = ['ExternalLink', 'IntegrationFieldMapping', 'MODULESETUP'];

/** What Halo's database holds beside what is assumed of it, a check for each row that says something. */
export async function assumedChecks({ database, settings }: SyncParts, signal: AbortSignal): Promise<Check[]> {
  const short = looks.filter(({ subject }) => !long.includes(subject));
  const found = await Promise.all(short.map((look) => look.read(database, signal)));
  const compared = [
    ...(await compareLinks(database, settings.settings.Halo, signal)),
    ...compareSettings(found.flat()),
  ];
  return compared.map(({ subject, ...rest }) => ({ name: `Assumed: ${subject}`, ...rest }));
}
