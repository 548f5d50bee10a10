import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FollowUps } from '../../../node/src/halo-api/follow-ups.ts';
import type { HaloOutcome } from '../../../node/src/halo-api/halo-api.ts';
import { haloInstance, type HaloInstance } from './halo-instance.ts';

let instance: HaloInstance;
beforeEach(async () => {
  instance = await haloInstance();
});
afterEach(async () => instance[Symbol.asyncDispose]());

const scope = { module_id: 1, details_id: 1 };
const clients = (...names: string[]) => names.map((name) => ({ fields: { name }, third_party_id: name }));
const idOf = (outcome: HaloOutcome | undefined): number => (outcome && 'id' in outcome ? outcome.id : 0);

/** A site for each client that was written. */
function sites(written: HaloOutcome[] = []): FollowUps {
  return {
    async of(records, outcomes, halo) {
      // What was just written is seen here, and nowhere else.
      const ids = outcomes.flatMap((outcome) => ('id' in outcome ? [outcome.id] : []));
      expect(await halo.listBy('Client', 'id', ids)).toHaveLength(ids.length);
      return [
        {
          resource: 'Site',
          records: outcomes.flatMap((outcome, at) =>
            'id' in outcome
              ? [{ fields: { name: `site of ${String(records[at]?.fields['name'])}`, client_id: outcome.id } }]
              : [],
          ),
          matchFields: [['client_id', 'name']],
        },
      ];
    },
    written: (_, outcomes) => void written.push(...outcomes),
  };
}

async function upsert(names: readonly string[], followUps: FollowUps, whatIf = false) {
  await using session = await instance.api().write('a test');
  return await session.upsert('Client', clients(...names), { scope, followUps, whatIf });
}

describe('what hangs on records', () => {
  it('is written with them, and told after the commit', async () => {
    const written: HaloOutcome[] = [];
    const outcomes = await upsert(['One', 'Two'], sites(written));
    expect(written.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    const made = await instance.api().listBy('Site', 'client_id', outcomes.map(idOf));
    expect(made.map((site) => site['name']).sort()).toEqual(['site of One', 'site of Two']);
    await upsert(['One', 'Two'], sites(written));
    expect(written.slice(2).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
  });

  it('takes them back where it fails, so that the next run finds both to be done', async () => {
    const failing: FollowUps = { ...sites(), of: () => Promise.reject(new Error('the process died here')) };
    const before = await instance.database.count('AREA');
    await expect(upsert(['One'], failing)).rejects.toThrow('the process died here');
    expect(await instance.database.count('AREA')).toBe(before);
    const [outcome] = await upsert(['One'], sites());
    expect(outcome?.outcome).toBe('created');
    expect(await instance.api().listBy('Site', 'client_id', [idOf(outcome)])).toHaveLength(1);
  });

  it('rejects the record alone on which hangs what the database refuses', async () => {
    const allow = await instance.refuse('SITE', 'sdesc', 'site of poison');
    const outcomes = await upsert(['One', 'poison', 'Two'], sites());
    await allow();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['created', 'rejected', 'created']);
    expect((await instance.api().idsByName('Client', ['poison'])).size).toBe(0);
    expect(await instance.api().listBy('Site', 'client_id', outcomes.map(idOf))).toHaveLength(2);
  });

  it('is tried, and not written, with what-if', async () => {
    const before = await instance.database.count('SITE');
    const tried: FollowUps = { ...sites(), of: async () => [{ resource: 'Site', records: clients('Three') }] };
    await upsert(['One'], tried, true);
    expect(await instance.database.count('SITE')).toBe(before);
  });
});
