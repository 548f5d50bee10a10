import type { HaloReads, HaloOutcome, HaloRecord } from '../../halo-api/halo-api.ts';
import type { FollowUp } from '../entity.ts';
import type { ClientMatcher } from './client-matching.ts';
import type { Pax8Subscription } from './pax8-records.ts';

/**
 * Licences whose subscription went to another company, and which are still at a site of the client they had: they go to the site
 * the administrator mapped the new company to, else to none (Licence.LSite 0). Where a licence of the same client sits is the
 * administrator's to change.
 */
export async function sitesOfMoved(
  halo: HaloReads,
  clients: ClientMatcher,
  records: readonly Pax8Subscription[],
  outcomes: readonly HaloOutcome[],
): Promise<readonly FollowUp[]> {
  const companies = new Map<number, string>();
  outcomes.forEach((outcome, at) => {
    const companyId = records[at]?.companyId;
    if (outcome.outcome === 'updated' && companyId) companies.set(outcome.id, companyId);
  });
  if (companies.size === 0) return [];
  const placed = (await halo.listBy('SoftwareLicence', 'id', [...companies.keys()])).filter(
    ({ site_id: site }) => Number(site) > 0,
  );
  const sites = await halo.listBy('Site', 'id', [...new Set(placed.map(({ site_id: site }) => Number(site)))]);
  const clientOf = new Map(sites.map((site) => [Number(site['id']), Number(site['client_id'])]));
  const matched = await clients.match([...companies.values()]);
  const moved = placed.flatMap(({ id, client_id: client, site_id: site }): HaloRecord[] => {
    if (clientOf.get(Number(site)) === Number(client)) return [];
    const found = matched.get(companies.get(Number(id)) ?? '');
    const mapped = found && 'site_id' in found ? found.site_id : undefined;
    return [{ fields: { id: Number(id), site_id: mapped ?? 0 } }];
  });
  return moved.length > 0 ? [{ resource: 'SoftwareLicence', records: moved }] : [];
}
