import { createHttpClient } from '../../../node/src/http/retrying-http-client.ts';
import { createSend } from '../../../node/src/http/send.ts';
import type { VendorContext } from '../../../node/src/integrations/connection.ts';
import type { DeclaredSource } from '../../../node/src/integrations/kit/sources/declared-source.ts';
import { readPages } from '../../../node/src/integrations/kit/sources/open-source.ts';
import { openApi, type VendorApi } from '../../../node/src/integrations/kit/vendor-api.ts';
import { pax8, pax8Descriptor } from '../../../node/src/integrations/pax8/index.ts';
import { subscriptions, type Pax8Subscription } from '../../../node/src/integrations/pax8/pax8-lists.ts';
import type { VendorPage } from '../../../node/src/reading/vendor-page.ts';
import { wholeList } from '../../../node/src/reading/whole-list.ts';
import type { Pax8Sandbox } from '../../sandbox/pax8/pax8-sandbox.ts';

/** Pax8 by its declared lists, signed in to a sandbox. */
export interface OpenPax8 {
  pages(source: DeclaredSource): AsyncIterable<VendorPage>;
  /** @param from the number of the first page */
  subscriptions(from?: number): AsyncIterable<VendorPage>;
  list(): AsyncIterable<readonly Pax8Subscription[]>;
  probe(): Promise<string>;
}

/** Opens it. Throws MissingCredentialError. */
export function openPax8(
  sandbox: Pick<Pax8Sandbox, 'url' | 'clientId' | 'clientSecret'>,
  settings: Record<string, unknown> = {},
  signal = new AbortController().signal,
): OpenPax8 {
  const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
  const context: VendorContext = {
    connection: { id: 1, name: 'Pax8', moduleId: 1, enabled: true, row: {} },
    settings: {
      BaseUrl: sandbox.url,
      Audience: 'https://api.pax8.com',
      ClientId: sandbox.clientId,
      ClientSecret: sandbox.clientSecret,
      ...settings,
    },
    http: createHttpClient({ send: createSend({}), clock }),
    clock,
    signal,
  };
  const { address = '', signIn = { style: 'none' } } = pax8Descriptor.api ?? {};
  const api: VendorApi = openApi({ integration: 'Pax8', address, signIn }, context);
  const pages = (source: DeclaredSource, cursor?: string) => readPages(source, api, { warn: () => undefined, cursor });
  return {
    pages: (source) => pages(source),
    subscriptions: (from = 0) => pages(subscriptions, from === 0 ? undefined : String(from)),
    list: () => wholeList(pages(subscriptions), subscriptions.shape),
    probe: () => pax8.probe(context),
  };
}
