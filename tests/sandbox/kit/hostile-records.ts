import { fieldAt, isObject, withField } from '../../../node/src/integrations/kit/field-path.ts';
import type { Fault } from './faults.ts';

/** Values that no field should hold, or seldom does. */
const values: readonly unknown[] = [
  ...[
    '',
    '   ',
    '\0',
    'nul\0inside',
    'end\0',
    'x\ud800y',
    '\udc00',
    '\u202egnp',
    '\uffff',
    '\u200f\u200e',
    '\ufeff',
    '\u00a0',
  ],
  ...[
    'L'.repeat(20_000),
    '\u{1f600}'.repeat(300),
    'e\u0301',
    '\u0130',
    '{',
    `'; DROP`,
    '__proto__',
    'constructor',
    '%s%n',
    '\r\n',
    'a\r\nb',
  ],
  ...[5, 0, -0, -1.5, 1e308, 2 ** 53 + 2, 1e-320, -1, 8.64e15 + 1, -62_135_596_800, 1_700_000_000, 1_700_000_000_000],
  ...[true, false, null, [], ['x'], [null], [[]], {}, { a: 1 }, { toString: 1 }, { then: 'x' }],
  ...[
    'yes',
    'no',
    'Y',
    '0',
    '1,234.56',
    '1.234,56',
    ' 12 ',
    '1e3',
    '0x1F',
    '\u0661\u0662',
    '12px',
    'NaN',
    '-Infinity',
    '1'.repeat(400),
  ],
  ...[
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.9999999Z',
    '10000-01-01',
    '2024-13-01',
    '2024-01-01T24:00:00Z',
    '2016-12-31T23:59:60Z',
  ],
  ...['2024-01-01T00:00:00+14:00', '2024-01-01T00:00:00-23:59', '1700000000', '1700000000000', '-1'],
  ...[
    '192.168.0.1, ::1',
    '00:00:00:00:00:00',
    'a@b@c',
    'mailto:x',
    'javascript:alert(1)',
    String.raw`\\server\share`,
    '../../x',
  ],
];
const ownKeys = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'toJSON', 'valueOf'];
const insteadOfRecord: readonly unknown[] = [null, 5, 'x', [], true, {}];

/** Seeded random numbers, the same on every machine. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return (state >>> 0) % below;
  };
}

/** Every third record of each page has a value that it should not have, or is none at all. */
export function hostileRecords(random: (below: number) => number): Fault {
  const oneOf = <T>(some: readonly T[]): T => some[random(some.length)] as T;
  const spoilt = (record: unknown): unknown => {
    if (random(25) === 0) return oneOf(insteadOfRecord);
    if (random(12) === 0) return put(record, [oneOf(ownKeys)], oneOf([{ polluted: true }, 'x']));
    const places = placesIn(record);
    return places.length === 0 ? record : put(record, oneOf(places), oneOf(values));
  };
  return {
    title: 'hostile values',
    outcome: 'goes on',
    applies: ({ format = 'json' }) => format === 'json',
    edit({ listing, touch }, body) {
      const list = fieldAt(body, listing.records);
      if (!Array.isArray(list)) return body;
      touch();
      const changed = (list as unknown[]).map((record) =>
        random(3) === 0 && isObject(record) ? spoilt(record) : record,
      );
      return listing.records === '' || !isObject(body) ? changed : withField(body, listing.records, changed);
    },
  };
}

/** Paths of all fields within a record; of a list, those of its first two items. */
function placesIn(value: unknown, at: readonly string[] = []): readonly (readonly string[])[] {
  const names = Array.isArray(value) ? ['0', '1'].slice(0, value.length) : isObject(value) ? Object.keys(value) : [];
  return names.flatMap((name) => {
    const place = [...at, name];
    return [place, ...placesIn((value as Readonly<Record<string, unknown>>)[name], place)];
  });
}

/** A copy with a value put at a path, be the name one that objects have of themselves. */
function put(into: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const copy: object = Array.isArray(into) ? [...(into as unknown[])] : { ...(into as object) };
  const inner = (into as Readonly<Record<string, unknown>>)[name];
  return Object.defineProperty(copy, name, {
    value: rest.length > 0 ? put(inner, rest, value) : value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
