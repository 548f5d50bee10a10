import { parseArgs } from 'node:util';
import { startGraphSandbox } from './graph-sandbox.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    users: { type: 'string', default: '1000' },
    devices: { type: 'string', default: '200' },
    tenants: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
});

const sandbox = await startGraphSandbox({
  port: Number(values.port),
  users: Number(values.users),
  devices: Number(values.devices),
  tenants: Number(values.tenants),
  seed: Number(values.seed),
});
const { url, clientId, clientSecret, tenants } = sandbox;
console.log(JSON.stringify({ url, clientId, clientSecret, tenants: tenants.map(({ id }) => id) }));
// One line in, one change: {"tenant": 0, "user": 3, "fields": {…} or null}.
for await (const chunk of process.stdin) {
  for (const line of String(chunk).split('\n').filter(Boolean)) {
    const { tenant, user, fields } = JSON.parse(line) as {
      tenant: number;
      user: number;
      fields: Record<string, unknown> | null;
    };
    tenants[tenant]?.change('users', user, fields);
    console.log('changed');
  }
}
