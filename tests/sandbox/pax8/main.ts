import { parseArgs } from 'node:util';
import { startPax8Sandbox } from './pax8-sandbox.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    companies: { type: 'string', default: '100' },
    subscriptions: { type: 'string', default: '1000' },
    products: { type: 'string', default: '200' },
    contacts: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    'cached-pages': { type: 'string' },
  },
});

const sandbox = await startPax8Sandbox({
  port: Number(values.port),
  companies: Number(values.companies),
  subscriptions: Number(values.subscriptions),
  products: Number(values.products),
  contactsPerCompany: Number(values.contacts),
  seed: Number(values.seed),
  ...(values['cached-pages'] && { cachedPages: Number(values['cached-pages']) }),
});
const { url, clientId, clientSecret } = sandbox;
console.log(JSON.stringify({ url, clientId, clientSecret }));
