// Speaks the bridge protocol with fixed answers: judges the module's side of it on its own.
import { createInterface } from 'node:readline';

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const config = { HaloUrl: 'https://halo.example.com', Database: { Server: '(embedded)', Name: 'halo.db' }, Integrations: {} };
const error = { message: 'Unknown setting.', code: 'SettingsInvalid', category: 'config', retryable: false, advice: 'Remove it.', exitCode: 2 };
const answers = {
  'config-get': () => ({ path: 'appsettings.json', settings: config }),
  'config-set': ({ changes }) => {
    config.HaloUrl = changes['HaloUrl'] ?? config.HaloUrl;
    config.Database.Password = changes['Database.Password'];
    process.stderr.write(`told ${changes['Database.Password']}\n`);
  },
  test: () => [{ name: 'Settings', passed: true, detail: 'Read.' }],
  integrations: () => [{ integration: 'Pax8', entity: 'Products', connection: '', enabledInHalo: false, enabledHere: true, willRun: false, reason: 'Off in Halo.' }],
  enable: () => null,
  disable: () => null,
  api: ({ path }) => ({ record_count: 1, clients: [{ id: 12, name: path }] }),
};
send({ type: 'hello', protocol: 1, engine: '1.0.0', node: process.versions.node, pid: process.pid });
createInterface({ input: process.stdin }).on('line', (line) => {
  const { type, id, method, params } = JSON.parse(line);
  if (type === 'cancel') send({ type: 'error', id, error: { ...error, code: 'Cancelled', category: 'cancelled' } });
  if (type !== 'request') return;
  if (method === 'sync' && params.integration === 'Unknown') send({ type: 'error', id, error });
  else if (method === 'sync') send({ type: 'progress', id, data: { integration: 'Pax8', entity: 'Products', phase: 'writing', read: 1, pid: process.pid } });
  else send({ type: 'result', id, data: answers[method](params), exitCode: 0 });
});
