import { describe, expect, it } from '@jest/globals';
import { createDateReader } from '../../../node/src/integrations/kit/kinds/date-reader.ts';
import { resolveSettings } from '../../../node/src/integrations/kit/descriptor/resolve-settings.ts';
import { toldBy } from '../../../node/src/integrations/kit/descriptor/connections.ts';
import { pax8, pax8Descriptor } from '../../../node/src/integrations/pax8/index.ts';

function listed(list: unknown, names?: readonly string[]) {
  const warnings: string[] = [];
  const told = { importProducts: true, ...(typeof list === 'string' && { entities: list }) };
  const entities = pax8Descriptor.halo.entitiesOf?.(told, {
    settings: { HaloEntityNames: names },
    warn: (message) => void warnings.push(message),
  });
  return { entities, warnings };
}

describe('the entities ticked in Halo', () => {
  it.each([
    ['["Customers","Subscriptions"]', ['Customers', 'Subscriptions']],
    ['customers, SUBSCRIPTIONS', ['Customers', 'Subscriptions']],
    ['[{"id":1,"name":"Products"}]', ['Products']],
    ['', undefined],
    [null, undefined],
    ['[]', undefined],
  ])('reads %j', (list, entities) => {
    expect(listed(list)).toEqual({ entities, warnings: [] });
  });

  it('takes the meaning of codes from the settings', () => {
    expect(listed('[1,2]', ['1=Customers', '2=subscriptions']).entities).toEqual(['Customers', 'Subscriptions']);
  });

  it('counts an unreadable list as all, and says so', () => {
    const { entities, warnings } = listed('1,7', ['1=Customers']);
    expect(entities).toBeUndefined();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('"7"');
    expect(warnings[0]).toContain('HaloEntityNames');
  });
});

describe('Pax8 credentials', () => {
  const row = { PA8ClientId: 'abcDEF123456', PA8ClientSecret: 'kx8+3vQ/9w==' };
  const connection = { id: 1, name: 'Pax8', moduleId: 1, enabled: true, row };

  const pax8Credentials = (one: typeof connection, settings: Record<string, unknown>) => {
    const { ClientId, ClientSecret } = resolveSettings(pax8Descriptor, toldBy(pax8Descriptor, one), settings);
    return { clientId: ClientId, clientSecret: ClientSecret };
  };

  it('come from the settings first, then from the row where it is plain', () => {
    expect(pax8Credentials(connection, { ClientSecret: 'mine' })).toEqual({
      clientId: 'abcDEF123456',
      clientSecret: 'mine',
    });
    expect(pax8Credentials(connection, { ClientId: 'other', ClientSecret: 'mine' }).clientId).toBe('other');
  });

  it('are missing when the row holds them encrypted', () => {
    expect(pax8.missingCredentials(connection, {})).toEqual(['ClientSecret']);
  });
});

describe('dates as Pax8 sends them', () => {
  it.each([
    ['2020-12-03', '2020-12-03T00:00:00.000Z'],
    ['2021-01-01T08:30:00Z', '2021-01-01T08:30:00.000Z'],
    ['2021-01-01T08:30:00', '2021-01-01T08:30:00.000Z'],
    ['2023-08-11T11:33:12.314-0600', '2023-08-11T17:33:12.314Z'],
    ['not a date', null],
    [undefined, null],
  ])('reads %s', (text, iso) => expect(createDateReader()(text)).toBe(iso));
});
