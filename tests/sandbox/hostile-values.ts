/** Values that a vendor's field should never hold, or seldom does; by what they are. */
const texts: Readonly<Record<string, unknown>> = {
  empty: '',
  spaces: '   ',
  'control characters': 'a\u0001\u0007\u001b[31mred\u001b[0m\r\nforged line',
  'a NUL inside': 'nul\u0000inside',
  'a NUL at the end': 'end\u0000',
  '100,000 characters': 'L'.repeat(100_000),
  'half a pair': 'x\ud800y',
  'the other half': 'x\udc00y',
  'nothing but half a pair': '\ud800',
  'a change of direction': '\u202egnp.exe\u202c',
  SQL: `'; DROP TABLE Licence; --`,
  'more SQL': `" OR 1=1 /*`,
  HTML: '<script>alert(1)</script><img src=x onerror=alert(2)>',
  'an unseen space': 'Of\u200bfice',
  'a byte order mark': '\ufeffName',
  'emoji over the length': '\u{1F469}\u200d\u{1F469}\u200d\u{1F467}'.repeat(60),
  'a pair across the length': 'a'.repeat(254) + '\u{1F600}'.repeat(50),
  'accents apart': 'e\u0301cole',
  'no characters': '\uffff\ufffe',
  __proto__: '__proto__',
  constructor: 'constructor',
  'signs of LIKE': '%_[x]%',
  'a template': '${7*7}{{7*7}}',
};
const wrong: Readonly<Record<string, unknown>> = {
  'a number': 5,
  zero: 0,
  'a negative fraction': -1.5,
  'more than is exact': 2 ** 53 + 2,
  'a vast number': 1e308,
  true: true,
  false: false,
  'an empty list': [],
  'a list': ['x'],
  'an empty object': {},
  'an object': { a: { b: 1 } },
  'an object with toString': { toString: 'x', valueOf: 'y' },
  'an object with toJSON': { toJSON: 'x' },
  'an object with then': { then: 'x' },
  null: null,
};
const dates: Readonly<Record<string, unknown>> = {
  'the year 0': '0000-01-01T00:00:00Z',
  'the year 1': '0001-01-01T00:00:00Z',
  'the year 1752': '1752-12-31T00:00:00Z',
  'the year 9999': '9999-12-31T23:59:59Z',
  'the year 10000': '+010000-01-01T00:00:00Z',
  'a negative year': '-000001-01-01T00:00:00Z',
  'the last of all dates': '+275760-09-13T00:00:00Z',
  '30 February': '2024-02-30',
  'a word': 'soon',
  'a number of milliseconds': 1_700_000_000_000,
  'the same as a text': '1700000000000',
  'a zone that is none': '2024-01-01T00:00:00+99:99',
  'a far zone': '2024-01-01T00:00:00+14:00',
  'a long text': '2'.repeat(50_000),
  'day and month': '01/02/2024',
  'a leap second': '2016-12-31T23:59:60Z',
  'a NUL behind it': '2024-01-01\u0000',
};
const numbers: Readonly<Record<string, unknown>> = {
  '2^53 and two': 2 ** 53 + 2,
  '2^63': 2 ** 63,
  vast: 1e308,
  tiny: 5e-324,
  negative: -5,
  'a negative half': -0.5,
  'a half': 1.5,
  'one over an int': 2_147_483_648,
  'one below an int': -2_147_483_649,
  'over money': 922_337_203_685_478,
  'a text': '7',
  'a text that is none': '7abc',
  NaN: 'NaN',
  Infinity: 'Infinity',
  hexadecimal: '0x10',
  '5,000 digits': '9'.repeat(5000),
  ...wrong,
};

const byKind = {
  text: { ...texts, ...wrong },
  date: { ...dates, ...wrong },
  number: numbers,
  object: { ...wrong, text: 'x' },
};
/** Keys that an object has of itself, or that the engine's own records have. */
const keys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  'valueOf',
  'left_out',
  'quarantined',
  'fields',
];
/** What stands in place of a record. */
const insteadOfRecord: readonly unknown[] = [null, 5, 'x', [], true, {}, deep()];

/** A record that nests as deep as an answer may. */
function deep(): unknown {
  let value: unknown = 1;
  for (let level = 0; level < 40; level++) value = { a: value };
  return { id: 'deep', name: value };
}

/**
 * Records with one hostile value each.
 * @param good a record that is right, with an id of its own for each number
 * @param fields what each field is tried with
 */
export function hostileRecords(
  good: (number: number) => Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, keyof typeof byKind>>,
): readonly unknown[] {
  const changes: (readonly [string, unknown])[] = [
    ...Object.entries(fields).flatMap(([field, kind]) =>
      Object.values<unknown>(byKind[kind]).map((value) => [field, value] as const),
    ),
    ...keys.flatMap((key) => [[key, { polluted: true }] as const, [key, 'x'] as const]),
  ];
  const changed = changes.map(([field, value], number) =>
    Object.defineProperty({ ...good(number) }, field, { value, enumerable: true, configurable: true, writable: true }),
  );
  return [...changed, ...insteadOfRecord];
}
