import { describe, expect, it } from '@jest/globals';
import { agents, type AgentRecord } from '../../../node/src/integrations/kit/kinds/agents.ts';
import { clientMessages } from '../../../node/src/integrations/kit/kinds/client-messages.ts';
import { items } from '../../../node/src/integrations/kit/kinds/items.ts';
import type { Kind, KindContext } from '../../../node/src/integrations/kit/kinds/kind.ts';
import { matchingFields, userMatching } from '../../../node/src/integrations/kit/kinds/matching-fields.ts';

/** What a kind that looks nothing up makes of records. */
async function opened<R>(kind: Kind<R>, told: KindContext['told'] = {}) {
  // Such a kind asks neither Halo nor the vendor.
  return kind.open({ vendor: 'Acme', told } as KindContext);
}

describe('agents', () => {
  const records: readonly AgentRecord[] = [{ id: '7', name: ' Jane ', email: 'jane@acme.example', disabled: true }];

  it('are changed and never made, and disabled only where that is asked for', async () => {
    const run = await opened(agents());
    expect(await run.mapping.toHalo(records)).toEqual([
      {
        fields: { name: 'Jane', email: 'jane@acme.example' },
        third_party_id: '7',
        third_party_desc: 'Jane',
        update_only: true,
      },
    ]);
    expect(run).toMatchObject({ missing: 'left', target: { insertOnly: ['name', 'email'] } });
  });

  it('are not enabled again by the vendor', async () => {
    const run = await opened(agents({ deactivates: () => true }));
    const [gone, back] = await run.mapping.toHalo([...records, { id: '8', name: 'Jack', disabled: false }]);
    expect(gone).toHaveProperty('fields.isdisabled', true);
    expect(back).not.toHaveProperty('fields.isdisabled');
    expect(run.missing).toBe('deactivated');
  });
});

describe('items', () => {
  it('go to the connection’s group where they are new, and what the vendor does not say stays', async () => {
    const run = await opened(items(), { defaultItemGroup: 7 });
    const mapped = await run.mapping.toHalo([
      { id: 'p1', name: 'Backup', sku: ' ', cost: 3 },
      { id: 'p2', name: ' ' },
    ]);
    expect(mapped).toEqual([
      {
        fields: { name: 'Backup', third_party_id: 'p1', supplier_part_code: null, costprice: 3, assetgroup_id: 7 },
        third_party_id: 'p1',
        third_party_desc: 'Backup',
      },
      { quarantined: 'item p2', reason: 'Acme gives no name for it.', third_party_id: 'p2' },
    ]);
    expect(run.target).toMatchObject({ insertOnly: expect.arrayContaining(['description', 'assetgroup_id']) });
  });
});

describe('why a client is not certain', () => {
  const says = clientMessages('Acme', { noun: 'company', entity: 'Companies' });

  it('is told by the vendor’s own word for it, with what to do', () => {
    expect(says.notNamed({ id: '7', unlisted: true }, [], [])).toContain('Acme lists no company 7');
    expect(says.notNamed({ id: '7' }, [], [])).toContain('is neither mapped nor linked');
    expect(says.notNamed({ id: '7', name: 'Ltd' }, [], [])).toContain('sync Companies.');
    expect(says.notNamed({ id: '7', name: 'Ltd' }, [4], [])).toContain('belongs to another Acme company');
    expect(says.notNamed({ id: '7', name: 'Ltd' }, [4, 5], [4, 5])).toContain('(4, 5): map the company to one');
    expect(says.several({ id: '7' }, [1, 2], true)).toContain('company 7 is mapped to several clients in Halo (1, 2)');
  });
});

it('takes of the fields listed for matching those whose meaning is known, and tells of the others', () => {
  const warnings: string[] = [];
  const meanings = new Map([['3', 'Email Address']]);
  const found = matchingFields('["UPN","3","shoe size"]', userMatching, (one) => void warnings.push(one), { meanings });
  expect(found).toEqual([['login'], ['emailaddress']]);
  expect(warnings).toEqual([expect.stringContaining('"shoe size"')]);
});
