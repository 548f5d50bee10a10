import { readdirSync, readFileSync, rmSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillDemoContent } from '../../../node/src/database/demo-content/demo-content.ts';
import { openEmbeddedDatabase } from '../../../node/src/database/embedded/embedded-database.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';
import { mailServer, type MailServer } from '../notice/receiving.ts';
import { start, type Ended } from '../runs/engine-runs.ts';

/** What is looked for stands between characters that every form writes otherwise. */
const core = { settings: 'Zq7xW9kLm2PvSETTINGS', row: 'Zq7xW9kLm2PvHALOSROW', token: 'Zq7xW9kLm2PvVENDORTOKEN' };
const secret = { settings: `a~+"${core.settings}/\\ä&<`, row: `b/=${core.row}~'+`, token: `t.${core.token}~+/=` };

let folder: string;
let vendor: Server;
let url: string;
/** Who is told by mail what went wrong. */
let told: MailServer;
/** What a process of ours was called with, as any account may list it. */
let argumentsSeen: string[];

type Said = (request: IncomingMessage, body: string) => [status: number, answer: unknown];
let says: Said;

beforeEach(async () => {
  told = await mailServer('no password');
  folder = mkdtempSync(join(tmpdir(), 'halo-secrets-'));
  argumentsSeen = [];
  vendor = createServer((request, response) => {
    void (async () => {
      argumentsSeen.push(...argumentsOfAll());
      const [status, answer] = says(request, await text(request));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    })();
  });
  await new Promise<void>((listening) => vendor.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`;
  const { clock } = systemEnvironment(folder);
  const database = openEmbeddedDatabase({ path: join(folder, 'halo.db'), clock, fs });
  await fillDemoContent(database, clock);
  {
    await using session = await database.session('test');
    await session.transaction((transaction) =>
      transaction.insert('AzureADConnection', [
        {
          ACName: 'Contoso',
          ACDirectoryID: '7e1a0000-0000-4000-8000-00000000a001',
          ACGUID: '0c0ffee0-0000-4000-8000-000000000001',
          ACApplicationSecret: secret.row,
          ACHaloIntegratorEnabled: true,
        },
      ]),
    );
  }
  await database.close();
  writeFileSync(
    join(folder, 'appsettings.json'),
    JSON.stringify({
      Database: { Server: '(embedded)', Name: 'halo.db' },
      Integrations: {
        Pax8: {
          Entities: { Products: true },
          Settings: { BaseUrl: url, ClientId: 'client', ClientSecret: { Environment: 'TEST_PAX8_SECRET' } },
        },
        EntraId: { Entities: { Users: true }, Settings: { ClientId: 'client', LoginUrl: url, GraphUrl: url } },
      },
      Logging: { Level: 'debug' },
      Notice: {
        Email: {
          Server: '127.0.0.1',
          Port: told.port,
          Security: 'none',
          From: 'halo@example.com',
          To: ['it@example.com'],
        },
      },
      Halo: { ModuleIds: { EntraId: 2 } },
    }),
  );
});
afterEach(async () => {
  vendor.closeAllConnections();
  await new Promise((closed) => vendor.close(closed));
  rmSync(folder, { recursive: true, force: true });
  await told[Symbol.asyncDispose]();
});

function argumentsOfAll(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((id) => {
    try {
      return /^\d+$/.test(id) ? [readFileSync(`/proc/${id}/cmdline`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

/** The core as it is, and what base64 makes of it at each place. */
function signsOf(name: string): string[] {
  const inBase64 = [0, 1, 2].map((offset) =>
    Buffer.from(' '.repeat(offset) + name)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [name, ...inBase64];
}

function expectNowhere(places: Readonly<Record<string, string>>, cores: readonly string[]): void {
  for (const [place, content] of Object.entries(places))
    for (const sign of cores.flatMap(signsOf))
      if (content.includes(sign)) expect(`${place}: …${around(content, sign)}…`).toBe('');
}

function around(content: string, sign: string): string {
  const at = content.indexOf(sign);
  return content.slice(Math.max(0, at - 60), at + 60);
}

function filesIn(place: string): Record<string, string> {
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names
      .filter((name) => statSync(join(place, name)).isFile())
      .map((name) => [name, readFileSync(join(place, name), 'latin1')]),
  );
}

const engine = (...args: readonly string[]): Promise<Ended> =>
  start([...args, '--config', folder], { TEST_PAX8_SECRET: secret.settings, TMPDIR: folder }).ended;

/** Everything an administrator may run, one after another; all that came out. */
async function everything(): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const args of [
    ['AUTO'],
    ['sync', '--json'],
    ['test'],
    ['integrations', '--json'],
    ['runs'],
    ['runs', '--html', join(folder, 'runs.html')],
    ['logs'],
    ['logs', '--json'],
    ['config', 'get'],
    ['sync', '--what-if', '--plan-path', join(folder, 'plan.jsonl')],
    ['rejections'],
    ['diagnose', '--out', join(folder, 'diagnosis.json')],
  ]) {
    const { stdout, stderr } = await engine(...args);
    said[args.join(' ')] = stdout + stderr;
  }
  const { child, ended } = start(['serve'], { TEST_PAX8_SECRET: secret.settings });
  const messages = [
    { type: 'hello', protocol: 1, client: 'test', config: folder },
    ...['sync', 'test', 'runs', 'logs', 'integrations', 'config-get', 'rejections'].map((method, id) => ({
      type: 'request',
      id,
      method,
    })),
  ];
  let came = '';
  let left = messages.length - 1;
  child.stdout.on('data', (data: string) => {
    came += data;
    left -= data.match(/"type":"(result|error)"/g)?.length ?? 0;
    if (left <= 0) child.stdin.end();
  });
  for (const message of messages) child.stdin.write(`${JSON.stringify(message)}\n`);
  const served = await ended;
  said['serve'] = came + served.stderr;
  return said;
}

const quoting = ({ headers, url: asked }: IncomingMessage, body: string): string =>
  `not let in: ${asked} ${headers.authorization ?? ''} ${body} ${JSON.stringify(body)} ${Buffer.from(body).toString('base64')} ${Object.fromEntries(new URLSearchParams(body))['client_secret'] ?? ''}`;
const refusing =
  (status: number): Said =>
  (request, body) => [
    status,
    { error: 'invalid_client', message: quoting(request, body), error_description: quoting(request, body) },
  ];
const letsIn: Said = (request, body) =>
  request.url?.endsWith('/token') === true
    ? [200, { access_token: secret.token, token_type: 'Bearer', expires_in: 3600 }]
    : [403, { error: { code: 'Forbidden', message: quoting(request, body) }, message: quoting(request, body) }];

describe('secrets are shown nowhere', () => {
  it.each([
    ['refuses the sign-in and quotes it', refusing(401)],
    ['lets us in and quotes the token it gave', letsIn],
  ])('where a vendor %s', async (_, answer) => {
    says = answer;
    const said = await everything();
    expect(said['AUTO']).toContain('***');
    expect(said['serve']).toContain('***');
    const files = filesIn(folder);
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['runs.html', join('state', 'runs.db')]));
    expectNowhere(said, Object.values(core));
    expect(told.mails).not.toEqual([]);
    expectNowhere({ mail: told.mails.map(({ text: whole }) => whole).join('\n') }, Object.values(core));
    expectNowhere({ arguments: argumentsSeen.join('\n') }, Object.values(core));
    // Halo's database has what an administrator typed into Halo, and nothing of the rest.
    for (const [name, content] of Object.entries(files))
      expectNowhere(
        { [name]: content },
        name.startsWith('halo.db') ? [core.settings, core.token] : Object.values(core),
      );
    if (process.platform !== 'win32')
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (name !== 'appsettings.json') expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
  });
});
