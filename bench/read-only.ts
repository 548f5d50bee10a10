// What no sync can be quicker than: asks for the pages of a Pax8 sandbox, four at once, parses them, and does nothing else.
import { parseArgs } from 'node:util';
import { request } from 'undici';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    id: { type: 'string', default: '' },
    secret: { type: 'string', default: '' },
    subscriptions: { type: 'string', default: '' },
  },
});
const root = `${values.url}/v1`;
const answer = await request(`${root}/token`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    client_id: values.id,
    client_secret: values.secret,
    audience: 'https://api.pax8.com',
    grant_type: 'client_credentials',
  }),
});
const { access_token: token } = (await answer.body.json()) as { access_token: string };
const pages = Math.ceil(Number(values.subscriptions) / 200);
let next = 0;
let read = 0;

async function readPages(): Promise<void> {
  while (next < pages) {
    const url = `${root}/subscriptions?sort=${encodeURIComponent('createdDate,asc')}&page=${next++}&size=200`;
    const { body } = await request(url, { headers: { authorization: `Bearer ${token}` } });
    const { content } = (await body.json()) as { content: unknown[] };
    read += content.length;
  }
}

await Promise.all([readPages(), readPages(), readPages(), readPages()]);
if (read !== Number(values.subscriptions)) throw new Error(`${read} came of ${values.subscriptions}`);
