import { describe, expect, it } from '@jest/globals';
import { KnownSecrets } from '../../../node/src/secrets/known-secrets.ts';

const key = 'abcdQ7mPz0LkTn3RwXyVbE5hUjwxyz';
const others = ['MARK~abC.8Q_x-9~zzTop', 'Sommerregen!', 'https://hooks.example.com/services/T0/B0/aBcD1234eFgH5678'];
const secrets = new KnownSecrets([key, ...others]);

describe('a part of a secret', () => {
  it.each([
    ['Invalid key: abcd\u2026wxyz', 'Invalid key: ***'],
    ['Invalid key: abcd...wxyz', 'Invalid key: ***'],
    ['Invalid key: abcd****************wxyz.', 'Invalid key: ***.'],
    ['Invalid key: ab****yz', 'Invalid key: ***'],
    ['Invalid key: ****wxyz', 'Invalid key: ***'],
    ['Invalid key: "XXXXXXXXjwxyz"', 'Invalid key: "***"'],
    ['Invalid key: abcd****', 'Invalid key: ***'],
    ['Invalid key: abcdQ7\u2026 was revoked', 'Invalid key: *** was revoked'],
    ['Invalid key: \u2022\u2022\u2022\u2022\u2022\u2022wxyz', 'Invalid key: ***'],
    ['Invalid key: abcd[redacted]wxyz', 'Invalid key: ***'],
    ['Invalid key: abcd<hidden>', 'Invalid key: ***'],
    ['key=abcdQ7mPz0', 'key=***'],
    ['The key abcdQ7mP is not known', 'The key *** is not known'],
    ['The key abcdQ7mPz0LkTn3Rw', 'The key ***'],
    ['{"key":"bE5hUjwxyz"}', '{"key":"***"}'],
    ['the key that ends with hUjwxyz', 'the key that ends with ***'],
    ['the key ending in wxyz', 'the key ending in ***'],
    ['the key ending with "wxyz"', 'the key ending with "***"'],
    ['key, last four characters: wxyz', 'key, last four characters: ***'],
    ['key, last 4 are wxyz.', 'key, last 4 are ***.'],
    ['starts with abcd', 'starts with ***'],
    ['beginning with `abcdQ7`, was revoked', 'beginning with `***`, was revoked'],
    ['abcd\u2026wxyz and MARK\u2026zTop', '*** and ***'],
    ['Bearer abcdQ7mPz0LkTn3RwXyVbE5\n', 'Bearer ***\n'],
  ])('is hidden: %s', (text, shown) => {
    expect(secrets.text(text)).toBe(shown);
    expect(secrets.areIn(text)).toBe(true);
  });

  it.each([
    'Waiting for the vendor ... and still waiting\u2026 done.',
    'abc.example.com answered *** for "Microsoft 365 E5"',
    'abcdefgh ijklmnop wxyz',
    'The product ends with wxy and begins with abc.',
    'ends with the last of them, starting with "abcde", ending in wxyzz',
    'Sommerregen in the summer\u2026 Sommer***',
    'https://hooks.example.com/services/ and https://other.example.com',
    'xxxx [redacted] <hidden> ..... ######## ****',
    'xabcdQ7mPz0 and wxyz...abcd',
    'Company MARK, MARKet, MARKETING AND MORE',
  ])('is no word of ordinary text: %s', (text) => {
    const without = new KnownSecrets([key, 'MARK~abC.8Q_x-9~zzTop', others[2] ?? '']);
    expect(without.text(text)).toBe(text);
    expect(without.areIn(text)).toBe(false);
  });

  it('of a token is longer, since they all begin alike', () => {
    const tokens = new KnownSecrets();
    const header = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url');
    const body = 'c2VjcmV0LXRva2VuLW9mLXRoaXMtcnVuLTEyMzQ1Njc4OTA';
    tokens.learn([`${header}.${body}.Sg7sKq2LmN0pQrStUvWxYz`]);
    expect(tokens.text('eyJhbGci and eyJhbGciOiJub25lIn0.e30.')).toBe('eyJhbGci and eyJhbGciOiJub25lIn0.e30.');
    expect(tokens.text(`refused ${header}.${body.slice(0, 20)}`)).toBe('refused ***');
    expect(tokens.text('refused \u2026UvWxYz')).toBe('refused ***');
  });

  it('costs no more in long texts that are full of what looks like one', () => {
    const long = ['abcd', 'abcdQ7mP', 'ab\u2026', '****', 'ends with ', 'wxyz', 'hUjwxyz\u2026', 'last 4 '].map((one) =>
      one.repeat(19_000 / one.length),
    );
    for (const text of [...long, ...long.map((one) => one.repeat(20))]) secrets.text(text);
  });
});
