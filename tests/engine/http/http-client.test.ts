import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHttpClient } from '../../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../../node/src/http/send.ts';
import { createTokenSource, withBearer } from '../../../node/src/http/oauth-client-credentials.ts';
import type { Clock } from '../../../node/src/environment.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** A clock whose waits take no time and are remembered. */
function skippingClock(): Clock & { waits: number[]; time: number } {
  const clock = {
    waits: [] as number[],
    time: Date.parse('2026-01-01T00:00:00Z'),
    now: () => new Date(clock.time),
    sleep(milliseconds: number, signal?: AbortSignal) {
      signal?.throwIfAborted();
      clock.waits.push(milliseconds);
      clock.time += milliseconds;
      return Promise.resolve();
    },
  };
  return clock;
}

const open: Server[] = [];
async function serve(...answers: Answer[]): Promise<{ url: string; count: () => number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    answer?.(request, response);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/things`, count: () => asked };
}

function says(status: number, body: string | Buffer, headers: Record<string, string> = {}): Answer {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

/** Writes for as long as somebody reads. */
async function endless(response: ServerResponse): Promise<void> {
  while (!response.destroyed) {
    if (!response.write('x'.repeat(65_536)))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve));
  }
}

const drop: Answer = (request) => request.socket.destroy();
const dropMidway: Answer = (request, response) => {
  response.writeHead(200, { 'content-length': '100' }).write('{"half":');
  setTimeout(() => request.socket.destroy(), 10);
};

afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('the HTTP client', () => {
  it('waits as long as Retry-After says, in seconds or until a date', async () => {
    const clock = skippingClock();
    const later = new Date(clock.time + 7_000 + 9_000).toUTCString();
    const { url } = await serve(
      says(429, '{}', { 'retry-after': '7' }),
      says(503, '{}', { 'retry-after': later }),
      says(200, '{"fine":true}'),
    );
    expect(await createHttpClient({ send: createSend({}), clock }).json({ url })).toEqual({ fine: true });
    expect(clock.waits).toEqual([7_000, 9_000]);
  });

  it('gives up at once where the vendor asks for more patience than a run has', async () => {
    const clock = skippingClock();
    const { url, count } = await serve(says(429, '{}', { 'retry-after': '3600' }));
    await expect(createHttpClient({ send: createSend({}), clock }).json({ url })).rejects.toMatchObject({
      code: 'VendorThrottled',
      message: expect.stringContaining('Retry-After: 3600'),
    });
    expect([count(), clock.waits]).toEqual([1, []]);
  });

  it.each([
    ['429 without Retry-After', says(429, '')],
    ['a server error', says(500, '')],
    ['a lost connection', drop],
    ['a connection lost in the middle of the answer', dropMidway],
  ])('tries again after %s', async (_name, trouble) => {
    const { url, count } = await serve(trouble, trouble, says(200, '[1]'));
    expect(await createHttpClient({ send: createSend({}), clock: skippingClock() }).json({ url })).toEqual([1]);
    expect(count()).toBe(3);
  });

  it('does not repeat a POST unless it is allowed to', async () => {
    const { url, count } = await serve(says(500, ''));
    const http = createHttpClient({ send: createSend({}), clock: skippingClock(), retryLimit: 2 });
    await expect(http.json({ method: 'POST', url, json: {} })).rejects.toMatchObject({ code: 'VendorUnreachable' });
    expect(count()).toBe(1);
    await expect(http.json({ method: 'POST', url, json: {}, retry: true })).rejects.toThrow();
    expect(count()).toBe(4);
  });

  it.each([
    [401, '{}', 'VendorAuth', 3],
    [403, '{}', 'VendorForbidden', 3],
    [429, '{}', 'VendorThrottled', 3],
    [500, 'oops', 'VendorUnreachable', 3],
    [422, '{"message":"no such field"}', 'VendorRefused', 1],
    [200, '<html>', 'VendorAnswer', 1],
  ])('turns status %i with %s into %s', async (status, body, code, exitCode) => {
    const { url } = await serve(says(status, body));
    const http = createHttpClient({ send: createSend({}), clock: skippingClock(), retryLimit: 1 });
    await expect(http.json({ url })).rejects.toMatchObject({ code, exitCode });
  });

  it('hides what it sent where a vendor quotes it', async () => {
    const { url } = await serve(says(400, '{"message":"bad bearer tok-12345 and client_secret=s3cr3t-9"}'));
    const http = createHttpClient({ send: createSend({}), clock: skippingClock() });
    const asked = http.json({
      method: 'POST',
      url,
      headers: { authorization: 'Bearer tok-12345' },
      json: { client_secret: 's3cr3t-9', grant_type: 'client_credentials' },
    });
    await expect(asked).rejects.toThrow('bad bearer *** and client_secret=***');

    const long = await serve(says(400, JSON.stringify({ message: `${'x'.repeat(296)}s3cr3t-9` })));
    const cut = http.json({ method: 'POST', url: long.url, json: { client_secret: 's3cr3t-9' } });
    await expect(cut).rejects.toThrow(/x\*\*\*"/);
  });

  it('names method and path but never the query', async () => {
    const { url } = await serve(says(400, '{"message":"bad"}'));
    const answer = createHttpClient({ send: createSend({}), clock: skippingClock() }).json({
      url,
      query: { key: 'hush-hush' },
    });
    const error = await answer.then(
      () => new Error('no error'),
      (reason: Error) => reason,
    );
    expect(error.message).toContain('GET http://127.0.0.1');
    expect(error.message).toContain('/things');
    expect(error.message).toContain('bad');
    expect(error.message).not.toContain('hush-hush');
  });

  it('says which host cannot be reached, and why', async () => {
    const { url } = await serve(drop);
    const server = open.pop();
    await new Promise((resolve) => server?.close(resolve));
    const http = createHttpClient({ send: createSend({}), clock: skippingClock(), retryLimit: 0 });
    await expect(http.json({ url })).rejects.toThrow(/127\.0\.0\.1.*nothing answers at this address and port/);
  });

  it('stops when it is aborted, with the reason given', async () => {
    const { url } = await serve(() => undefined);
    const stop = new AbortController();
    const asked = createHttpClient({ send: createSend({}), clock: skippingClock() }).json({ url }, stop.signal);
    const reason = new Error('Ctrl+C');
    setTimeout(() => stop.abort(reason), 20);
    await expect(asked).rejects.toBe(reason);
  });
});

describe('sending', () => {
  const http = () => createHttpClient({ send: createSend({}), clock: skippingClock(), retryLimit: 0 });

  it('takes answers packed where the server packs them, and says that it does', async () => {
    const { url } = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toContain('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"packed":"ü"}'));
    });
    expect(await http().json({ url })).toEqual({ packed: 'ü' });
    expect(await http().text({ url })).toBe('{"packed":"ü"}');
    expect(new TextDecoder().decode(await http().bytes({ url }))).toBe('{"packed":"ü"}');
  });

  it('follows a redirection on the same server, and one of a request without credentials to any', async () => {
    const asked: (string | undefined)[] = [];
    const target = await serve((request, response) => {
      asked.push(request.headers.authorization);
      response.end('{"there":1}');
    });
    const own = await serve(says(302, '', { location: '/elsewhere' }), (request, response) => {
      asked.push(request.headers.authorization);
      response.end('{"here":1}');
    });
    expect(await http().json({ url: own.url, headers: { authorization: 'Bearer hush-hush' } })).toEqual({ here: 1 });
    const { url } = await serve(says(302, '', { location: target.url }));
    expect(await http().json({ url })).toEqual({ there: 1 });
    expect(asked).toEqual(['Bearer hush-hush', undefined]);
  });

  const form = { client_id: 'id', client_secret: 'hush-hush' };
  it.each([
    ['a form', { method: 'POST', form }],
    ['JSON', { method: 'POST', json: form }],
    ['a bearer token', { headers: { authorization: 'Bearer hush-hush' } }],
    ['a header of the vendor', { headers: { 'X-Api-Key': 'hush-hush' } }],
    ['a key in the query', { query: { key: 'hush-hush' } }],
  ] as const)('sends %s to no other server, whatever the redirection', async (_, request) => {
    const asked: unknown[] = [];
    const other = await serve((one, response) => {
      asked.push(one.url);
      response.end('{}');
    });
    for (const status of [300, 301, 302, 303, 307, 308]) {
      const { url, count } = await serve(
        says(status, '', { location: `${other.url.replace('127.0.0.1', 'localhost')}/anywhere?key=hush-hush` }),
      );
      const sent = createHttpClient({ send: createSend({}), clock: skippingClock() }).json({
        retry: true,
        ...request,
        url,
      });
      await expect(sent).rejects.toMatchObject({
        code: 'VendorRedirect',
        message: expect.stringMatching(/sends us on to http:\/\/localhost:\d+, which/),
      });
      expect(count()).toBe(1);
    }
    // Nor after a first one on its own server.
    const { url } = await serve(
      says(307, '', { location: '/second?key=hush-hush' }),
      says(307, '', { location: other.url }),
    );
    await expect(http().json({ ...request, url })).rejects.toMatchObject({ code: 'VendorRedirect' });
    expect(asked).toEqual([]);
  });

  it.each([
    ['as it comes', () => says(200, `["${'x'.repeat(1_100_000)}"]`)],
    ['in pieces', () => (_request: IncomingMessage, response: ServerResponse) => void endless(response)],
    ['unpacked', () => says(200, gzipSync(`["${'x'.repeat(1_100_000)}"]`), { 'content-encoding': 'gzip' })],
    [
      'unpacked twice',
      () => says(200, gzipSync(gzipSync(Buffer.alloc(300_000_000, 'x'))), { 'content-encoding': 'gzip, gzip' }),
    ],
    ['in its nesting', () => says(200, '{"a":['.repeat(100_000))],
  ])('takes no answer that is too large %s, and does not ask again', async (_, answer) => {
    const { url, count } = await serve(answer());
    const clock = skippingClock();
    const bounds = { megabytes: 1, depth: 20 };
    const asked = createHttpClient({ send: createSend({}), clock, bounds }).text({ url });
    await expect(asked).rejects.toMatchObject({
      code: 'VendorAnswerSize',
      advice: expect.stringMatching(/raise Sync\.MaxAnswer(Megabytes|Depth)\.$/),
    });
    expect(count()).toBe(1);
  });

  it('takes no headers that are too large, and does not ask again', async () => {
    const { url, count } = await serve(says(200, '[]', { 'x-filler': 'x'.repeat(40_000) }));
    await expect(http().json({ url, retry: true })).rejects.toMatchObject({
      code: 'VendorAnswerSize',
      message: expect.stringMatching(/the headers of the answer are larger than 16 KB\.$/),
    });
    expect(count()).toBe(1);
  });

  it('keeps the status of an error that says too much', async () => {
    const { url } = await serve((_request, response) => void endless(response.writeHead(401)));
    const bounds = { megabytes: 1, depth: 20 };
    const asked = createHttpClient({ send: createSend({}), clock: skippingClock(), bounds }).json({ url });
    await expect(asked).rejects.toMatchObject({ code: 'VendorAuth' });
  });

  it('takes brackets in texts for texts, and tells of bytes that are no UTF-8', async () => {
    const told: string[] = [];
    const text = JSON.stringify({ a: '[[[[\\"[[[[{{{{'.repeat(20) });
    const { url } = await serve(says(200, text), says(200, Buffer.from([0x22, 0xc3, 0x22])));
    const bounds = { megabytes: 1, depth: 8 };
    const client = createHttpClient({
      send: createSend({}),
      clock: skippingClock(),
      bounds,
      log: (line) => told.push(line),
    });
    expect(await client.text({ url })).toBe(text);
    expect(await client.json({ url })).toBe('\ufffd');
    expect(told).toEqual([expect.stringContaining('not all UTF-8')]);
  });

  it.each([
    ['in a circle', (at: number) => `/${at % 2}`],
    ['on and on', (at: number) => `/${at}`],
  ])('says that redirections lead nowhere where they lead %s', async (_, next) => {
    let at = 0;
    const { url } = await serve((_request, response) => response.writeHead(302, { location: next(at++) }).end());
    for (const ask of [http().json({ url }), http().bytes({ url })])
      await expect(ask).rejects.toMatchObject({
        code: 'VendorUnreachable',
        message: expect.stringContaining('nowhere'),
      });
  });

  it.each([
    'http://[bad',
    'javascript:alert(1)',
    'data:application/json,[]',
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
  ])('follows no redirection to %s, and asks once', async (location) => {
    for (const headers of [{}, { authorization: 'Bearer hush-hush' }] as Record<string, string>[]) {
      const { url, count } = await serve(says(302, '', { location }));
      const client = createHttpClient({ send: createSend({}), clock: skippingClock() });
      await expect(client.json({ url, headers })).rejects.toMatchObject({
        code: 'VendorRedirect',
        message: expect.stringMatching(/sends us on to an address that (is none|begins with [a-z]+:), which was not/),
      });
      expect(count()).toBe(1);
    }
  });

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH_9\r\n', 'its answer is no HTTP'],
    ['a status that is none', 'HTTP/1.1 2000 OK\r\n\r\n', 'its answer is no HTTP'],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nx-a: \0\r\ncontent-length: 2\r\n\r\n[]', 'its answer is no HTTP'],
    [
      'a chunk of no length',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n[]\r\n',
      'its answer is no HTTP',
    ],
    [
      'less than it says',
      'HTTP/1.1 200 OK\r\ncontent-length: 9\r\nconnection: close\r\n\r\n[]',
      'not as long as it says',
    ],
    [
      'a chunk less',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n',
      'broken off by the other side',
    ],
  ])('tells in words of a server that answers with %s', async (_, answer, words) => {
    const { url } = await serve((request) => request.socket.end(answer));
    await expect(http().json({ url })).rejects.toMatchObject({
      code: 'VendorUnreachable',
      message: expect.stringContaining(words),
    });
  });

  it('tells in words of a server that does not speak TLS', async () => {
    const { url } = await serve(says(200, '[]'));
    await expect(http().json({ url: url.replace('http:', 'https:') })).rejects.toThrow(
      'it does not speak TLS as we do.',
    );
  });

  it('takes no part of an answer for the whole', async () => {
    const { url, count } = await serve(says(206, '[]', { 'content-range': 'bytes 0-1/9' }));
    await expect(http().json({ url })).rejects.toMatchObject({ code: 'VendorAnswer' });
    expect(count()).toBe(1);
  });

  it('says which header cannot be sent, and does not try', async () => {
    const { url, count } = await serve(says(200, '[]'));
    for (const value of ['a\nb', '\u0661', 'x\0'])
      await expect(http().json({ url, headers: { 'X-Tenant-ID': value } })).rejects.toMatchObject({
        code: 'VendorRequest',
        message: expect.stringContaining('its header X-Tenant-ID has characters'),
      });
    expect(count()).toBe(0);
  });

  it('reads what a vendor says is wrong where it comes packed, and says who is asking', async () => {
    const agents: unknown[] = [];
    const { url } = await serve((request, response) => {
      agents.push(request.headers['user-agent']);
      response.writeHead(422, { 'content-encoding': 'gzip' }).end(gzipSync('{"message":"no such field"}'));
    });
    await expect(http().json({ url })).rejects.toThrow('no such field');
    expect(agents).toEqual([expect.stringMatching(/^HaloDBIntegrator\/\d/)]);
  });

  it('sends JSON and forms as what they are', async () => {
    const got: string[] = [];
    const { url } = await serve(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      got.push(`${request.method} ${request.headers['content-type']} ${body}`);
      response.end('{}');
    });
    await http().json({ method: 'POST', url, json: { a: [1] } });
    await http().json({ method: 'POST', url, form: { grant_type: 'client_credentials', scope: 'a b' } });
    await http().json({ method: 'PATCH', url, json: {}, headers: { 'content-type': 'text/plain' } });
    expect(got).toEqual([
      'POST application/json {"a":[1]}',
      'POST application/x-www-form-urlencoded;charset=UTF-8 grant_type=client_credentials&scope=a+b',
      'PATCH text/plain {}',
    ]);
  });

  it('goes through the proxy of the environment where it is told to', async () => {
    const { url } = await serve(says(200, '{"direct":1}'));
    const tunnelled: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnelled.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    open.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const through = (variables: Record<string, string>) =>
      createHttpClient({ send: createSend(variables), clock: skippingClock(), retryLimit: 0 });
    const told = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: 'http://127.0.0.1:1', https_proxy: address };
    const vendor = { url: 'https://vendor.example.com/v1' };
    await expect(through(told).json(vendor)).rejects.toMatchObject({ code: 'VendorUnreachable' });
    expect(tunnelled).toEqual(['vendor.example.com:443']);
    expect(await through({ HTTP_PROXY: address }).json({ url })).toEqual({ direct: 1 });
    expect(await through({ ...told, HTTP_PROXY: address, NO_PROXY: '127.0.0.1' }).json({ url })).toEqual({ direct: 1 });
  });
});

describe('tokens by client credentials', () => {
  function token(value: string, seconds: number): Answer {
    return says(200, JSON.stringify({ access_token: value, expires_in: seconds }));
  }

  it('asks once however many wait, and again shortly before expiry', async () => {
    const clock = skippingClock();
    const { url, count } = await serve(token('first', 3600), token('second', 3600));
    const http = createHttpClient({ send: createSend({}), clock });
    const tokens = createTokenSource({ http, clock, request: { method: 'POST', url, json: {} } });
    expect(await Promise.all([tokens.token(), tokens.token(), tokens.token()])).toEqual(['first', 'first', 'first']);
    expect(count()).toBe(1);
    clock.time += 3_400_000;
    expect(await tokens.token()).toBe('first');
    clock.time += 100_000;
    expect(await tokens.token()).toBe('second');
  });

  it('renews a refused token once, and then gives up', async () => {
    const clock = skippingClock();
    const auth = await serve(token('old', 3600), token('new', 3600), token('newer', 3600));
    const http = createHttpClient({ send: createSend({}), clock });
    const tokens = createTokenSource({ http, clock, request: { method: 'POST', url: auth.url, json: {} } });
    const data = await serve((request, response) =>
      request.headers.authorization === 'Bearer new'
        ? response.end('{"ok":1}')
        : response.writeHead(401).end('{"message":"expired"}'),
    );
    expect(await withBearer(http, tokens).json({ url: data.url })).toEqual({ ok: 1 });
    expect(auth.count()).toBe(2);
    const never = await serve(says(401, '{}'));
    await expect(withBearer(http, tokens).json({ url: never.url })).rejects.toMatchObject({ code: 'VendorAuth' });
    expect(never.count()).toBe(2);
  });

  it('keeps the secret out of the error', async () => {
    const clock = skippingClock();
    const { url } = await serve(says(200, '{"access_token":'));
    const http = createHttpClient({ send: createSend({}), clock });
    const request = { method: 'POST' as const, url, json: { client_secret: 'hush-hush' } };
    const error = await createTokenSource({ http, clock, request })
      .token()
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'VendorAnswer' });
    expect(String(error)).not.toContain('hush-hush');
  });
});
