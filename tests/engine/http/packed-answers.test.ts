import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../../node/src/http/send.ts';
import { skippingClock } from '../kit/scripted-vendor.ts';

const text = JSON.stringify({ items: Array.from({ length: 400 }, (_, at) => ({ id: at, name: `Name ${at * 7919}` })) });
const packers = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };
const packings = Object.entries(packers);

interface Packed {
  readonly encoding: string | string[];
  readonly body: Buffer | string;
  readonly status?: number;
}

/** A vendor that gives these answers one after another, and the last one from then on. */
async function vendor(...answers: readonly Packed[]) {
  let asked = 0;
  const server = createServer((_request, response) => {
    const { encoding, body, status = 200 } = answers[Math.min(asked++, answers.length - 1)] as Packed;
    response.setHeader('content-encoding', encoding).writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = createHttpClient({ send: createSend({}), clock: skippingClock() });
  const request = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/things` };
  return {
    ask: () => client.text(request),
    bytes: () => client.bytes(request),
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

const spoilt: Readonly<Record<string, (packed: Buffer) => Buffer>> = {
  'cut at its end': (packed) => packed.subarray(0, packed.length - 9),
  'cut in its middle': (packed) => packed.subarray(0, packed.length / 2),
  'changed on its way': (packed) => Buffer.from(packed).fill(255, 2, 40),
  'not packed at all': () => Buffer.from(text),
};

describe('a packed answer', () => {
  it.each(packings)('of %s is read', async (encoding, pack) => {
    await using packed = await vendor({ encoding, body: pack(text) });
    expect(await packed.ask()).toBe(text);
  });

  it.each([
    ['in two ways', 'br, gzip', gzipSync(brotliCompressSync(text))],
    ['in two lines', ['br', 'gzip'], gzipSync(brotliCompressSync(text))],
    ['in capitals', 'GZIP', gzipSync(text)],
    ['with an identity', 'identity, gzip', gzipSync(text)],
    ['as it is', 'identity', text],
    ['with empty words', ', ,gzip,', gzipSync(text)],
  ])('is read %s', async (_, encoding, body) => {
    await using packed = await vendor({ encoding, body });
    expect(await packed.ask()).toBe(text);
  });

  const broken = packings.flatMap(([encoding, pack]) =>
    Object.entries(spoilt).map(([how, spoil]) => [encoding, how, spoil(pack(text)), pack(text)] as const),
  );
  it.each(broken)('of %s, %s, is asked for again, and not for ever', async (encoding, _, body, good) => {
    await using once = await vendor({ encoding, body }, { encoding, body: good });
    expect(await once.ask()).toBe(text);
    await using always = await vendor({ encoding, body });
    for (const ask of [always.ask, always.bytes])
      await expect(ask()).rejects.toMatchObject({
        code: 'VendorAnswer',
        message: expect.stringMatching(/things: the answer is packed, and was cut or changed on its way, so that/),
      });
    expect(always.asked()).toBe(6);
  });

  it.each([
    ['compress', 'compress'],
    ['a name nobody knows', 'x-vendor-pack'],
    ['one that is known over one that is not', 'dcb, gzip'],
    ['six packings', Array(6).fill('gzip').join(', ')],
    ['a hundred packings', Array(100).fill('br').join(',')],
  ])('in a way that is not unpacked is not asked for again: %s', async (_, encoding) => {
    await using packed = await vendor({ encoding, body: gzipSync(text) });
    for (const ask of [packed.ask, packed.bytes])
      await expect(ask()).rejects.toMatchObject({
        code: 'VendorEncoding',
        message: expect.stringMatching(/things: the answer is packed in a way that is not known here \(.{1,40}\)\.$/),
      });
    expect(packed.asked()).toBe(2);
  });

  it.each([
    ['compress', gzipSync(text)],
    [Array(9).fill('gzip').join(), gzipSync(text)],
    ['gzip', gzipSync(text).subarray(0, 40)],
    ['br', Buffer.from('{"message":"no"}')],
  ])('keeps the status of an error, however it is packed (%s)', async (encoding, body) => {
    await using packed = await vendor({ encoding, body, status: 403 });
    await expect(packed.ask()).rejects.toMatchObject({ code: 'VendorForbidden' });
    expect(packed.asked()).toBe(1);
  });
});
