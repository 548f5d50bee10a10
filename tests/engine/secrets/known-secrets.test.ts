import { describe, expect, it } from '@jest/globals';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';

const markers = [
  'MARK~abC.8Q_x-9~zzTop',
  'MARK/with+base64==',
  'MARK"with-a-quote',
  "MARK\\back\\n'ü€😀&<tag> %41",
  'MARKshrt',
];

const everyByte = (text: string, digits: (byte: number) => string): string =>
  [...Buffer.from(text)].map((byte) => `%${digits(byte)}`).join('');
const unicode = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
const html = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
const json = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Every way we know that a program may write a text. */
const forms: Readonly<Record<string, (secret: string) => string>> = {
  'as it is': (secret) => secret,
  'as a form': (secret) => new URLSearchParams({ secret }).toString().slice('secret='.length),
  'as a form with spaces for plus': (secret) => secret.replaceAll('+', ' '),
  'percent-encoded': encodeURIComponent,
  'percent-encoded in lower case': (secret) =>
    encodeURIComponent(secret).replaceAll(/%../g, (one) => one.toLowerCase()),
  'encoded as an address': encodeURI,
  'each byte percent-encoded': (secret) => everyByte(secret, (byte) => byte.toString(16).padStart(2, '0')),
  'percent-encoded twice': (secret) => encodeURIComponent(encodeURIComponent(secret)),
  'as JSON': json,
  'as JSON with escaped slashes': (secret) => json(secret).replaceAll('/', '\\/'),
  'as JSON in JSON': (secret) => json(json(secret)),
  'as JSON, all of it escaped': unicode,
  'as JSON, escaped in capitals': (secret) => unicode(secret).replaceAll(/[a-f]/g, (digit) => digit.toUpperCase()),
  'as JSON, percent-encoded': (secret) => encodeURIComponent(json(secret)),
  'in HTML': html,
  'in HTML, by numbers': (secret) => [...secret].map((one) => `&#${one.codePointAt(0)};`).join(''),
  'in HTML, by hexadecimal numbers': (secret) =>
    [...secret].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join(''),
  'in HTML of JSON': (secret) => html(json(secret)),
  'in HTML twice': (secret) => html(html(secret)),
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in base64url': (secret) => Buffer.from(secret).toString('base64url'),
  'in base64, percent-encoded': (secret) => encodeURIComponent(Buffer.from(secret).toString('base64')),
  'in capitals': (secret) => secret.toUpperCase(),
  'in octal escapes': (secret) =>
    [...Buffer.from(secret)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'in escapes with brackets': (secret) => [...secret].map((one) => `\\u{${one.codePointAt(0)?.toString(16)}}`).join(''),
  'folded as mail is': (secret) => `${secret.slice(0, 5)}=\r\n${secret.slice(5)}`,
  'with places to break at': (secret) => [...secret].join('\u200b'),
  'in base64 of UTF-16': (secret) => Buffer.from(secret, 'utf16le').toString('base64'),
  'in base64 twice': (secret) => Buffer.from(Buffer.from(secret).toString('base64')).toString('base64'),
  'in base64 of a form': (secret) => Buffer.from(`client_secret=${encodeURIComponent(secret)}`).toString('base64'),
  'in base64 of JSON': (secret) => Buffer.from(JSON.stringify({ id: 'c', secret })).toString('base64url'),
  'in the Basic header of OAuth': (secret) =>
    Buffer.from(`client:${new URLSearchParams({ secret }).toString().slice(7)}`).toString('base64'),
  'in hexadecimal digits': (secret) => Buffer.from(secret).toString('hex'),
  'in hexadecimal digits with colons': (secret) =>
    Buffer.from(secret)
      .toString('hex')
      .toUpperCase()
      .replaceAll(/..(?!$)/g, '$&:'),
  'as a list of bytes': (secret) => JSON.stringify([...Buffer.from(secret)]).slice(1, -1),
  'read in another character set': (secret) => Buffer.from(secret).toString('latin1'),
  'in decomposed characters': (secret) => secret.normalize('NFD'),
  'in a Basic header': (secret) => `Basic ${Buffer.from(`u:${secret}`).toString('base64')}`,
  'in a Basic header of another user': (secret) => Buffer.from(`us:${secret}`).toString('base64'),
  'in a Basic header of a third user': (secret) => Buffer.from(`use:${secret}`).toString('base64url'),
  'in hexadecimal digits of UTF-16': (secret) => Buffer.from(secret, 'utf16le').toString('hex'),
  'in UTF-16 that was read as bytes': (secret) => [...secret].join('\0'),
  'in UTF-16 as percent signs have it': (secret) =>
    Array.from({ length: secret.length }, (_, at) => `%u${secret.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
      '',
    ),
  'quoted-printable, each byte': (secret) =>
    [...Buffer.from(secret)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  'percent-encoded three times': (secret) => encodeURIComponent(encodeURIComponent(encodeURIComponent(secret))),
  'escaped for a shell': (secret) => secret.replaceAll(/[^\w\u0080-\uffff]/g, '\\$&'),
  'escaped for PowerShell': (secret) => secret.replaceAll(/["$`'&<>]/g, '`$&'),
  'escaped for cmd': (secret) => secret.replaceAll(/["&<>^|%]/g, '^$&'),
  'in XML, by padded numbers in capitals': (secret) =>
    [...secret].map((one) => `&#X00${one.codePointAt(0)?.toString(16).toUpperCase()};`).join(''),
  'wrapped with an indent': (secret) => `${secret.slice(0, 6)}\r\n        ${secret.slice(6)}`,
  'wrapped in a quotation': (secret) => `${secret.slice(0, 5)}\n> ${secret.slice(5)}`,
  'wrapped in the cell of a table': (secret) => `${secret.slice(0, 4)} │\n│ ${secret.slice(4)}`,
  'wrapped with an empty line': (secret) => `${secret.slice(0, 4)}\n\n${secret.slice(4)}`,
  'coloured in its middle': (secret) => `${secret.slice(0, 4)}\u001b[1;31m${secret.slice(4)}`,
  'in the claims of a token': (secret) => Buffer.from(JSON.stringify({ sub: 'us', secret })).toString('base64url'),
  'in SASL PLAIN': (secret) => Buffer.from(`\0user\0${secret}`).toString('base64'),
  'in XOAUTH2': (secret) => Buffer.from(`user=a@b.c\x01auth=Bearer ${secret}\x01\x01`).toString('base64'),
};

describe('known secrets', () => {
  it.each(Object.entries(forms))('are hidden %s', (_, form) => {
    for (const marker of markers) {
      const secrets = new KnownSecrets([marker]);
      const written = form(marker);
      for (const [before, behind] of [
        ['before ', ' after'],
        ['x="', '"'],
        ['{\\"a\\":\\"', '\\"}'],
        ['(?secret=', '&x=1)'],
      ] as const) {
        const shown = secrets.text(`${before}${written}${behind}`);
        expect(shown).toContain('***');
        expect(shown.replaceAll('Basic ', '').length).toBeLessThanOrEqual(before.length + behind.length + 3);
      }
    }
  });

  it('leave other texts as they are, and short values alone', () => {
    const secrets = new KnownSecrets(['abc', '', 'MARK~abC.8Q']);
    const text = 'abc: "Microsoft 365 Business Basic" \\u00fc 100%25 &amp; MARK abC';
    expect(secrets.text(text)).toBe(text);
    expect(secrets.areIn(text)).toBe(false);
    expect(new KnownSecrets().text(text)).toBe(text);
  });

  it('are hidden where several stand in one another, or beside each other', () => {
    const secrets = new KnownSecrets(['inner-one', 'the-inner-one-outside', 'ner-one-beside']);
    expect(secrets.text('a the-inner-one-outside b inner-one c inner-one-beside.')).toBe('a *** b *** c ***.');
  });

  it('hide tokens by their beginning, and what stands where a credential does', () => {
    const secrets = new KnownSecrets();
    const token = `eyJ0eXAiOiJKV1Qi.${'abcDEF123-_'.repeat(100)}`;
    secrets.learn([token]);
    expect(secrets.text(`refused ${token}, and "${token}"`)).toBe('refused ***, and "***"');
    expect(secrets.text(Buffer.from(`auth=Bearer ${token}`).toString('base64'))).toBe('***');
    expect(secrets.text('Authorization: Bearer unknown-to-us.9 client_secret=never-seen&x=1')).toBe(
      'Authorization: Bearer *** client_secret=***&x=1',
    );
  });

  it('are hidden where they stand in an address, known or not', () => {
    const secrets = new KnownSecrets();
    expect(
      secrets.text('GET https://user:never-seen@host/a?sig=Ab%2Fcd12&api_key=9876543&x=1 and smtp://me:pw%40x@mail:25'),
    ).toBe('GET https://user:***@host/a?sig=***&api_key=***&x=1 and smtp://me:***@mail:25');
    const ordinary =
      '//server:8080/share@x http://[::1]:80/ a@b.c: d@e.f https://host/user:name@x sign=abcdef key=abcdef';
    expect(secrets.text(ordinary)).toBe(ordinary);
  });

  it('forget old tokens, and never what the settings have', () => {
    const secrets = new KnownSecrets(['from-the-settings']);
    secrets.learn(Array.from({ length: 200 }, (_, at) => `token-number-${String(at).padStart(4, '0')}`));
    expect(secrets.text('token-number-0000 token-number-0199 from-the-settings')).toBe('token-number-0000 *** ***');
  });

  it('take secrets of a row by the names of its columns, and no places of a listing', () => {
    const secrets = new KnownSecrets();
    secrets.addNamed({
      p8clientsecret: 'row-secret',
      MBPassword: 'row-password',
      nextPageToken: 'a-place',
      tokenType: 'a-type',
      ACKey: 'email',
    });
    expect(secrets.text('row-secret row-password a-place a-type email')).toBe('*** *** a-place a-type email');
  });

  it('are hidden by name only where that is asked for', () => {
    const secrets = new KnownSecrets(['hush-hush']);
    const data = { password: 'other', list: [{ said: 'it is hush-hush' }], when: new Date(0), count: 1 };
    expect(secrets.mask({ 'hush-hush': { 'x hush-hush': [] } })).toEqual({ '***': { 'x ***': [] } });
    expect(secrets.mask(data)).toEqual({ ...data, list: [{ said: 'it is ***' }] });
    expect(secrets.maskNamed(data)).toMatchObject({ password: '***' });
  });

  it('of many kilobytes of backslashes, digits or base64 are looked for without effort', () => {
    const secrets = new KnownSecrets(markers);
    for (const text of ['\\'.repeat(200_000), '%25'.repeat(100_000), 'MARK'.repeat(100_000), '&amp;'.repeat(100_000)])
      expect(secrets.text(text)).toBe(text);
  });
});
