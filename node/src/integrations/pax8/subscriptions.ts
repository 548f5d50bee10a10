import { SubscriptionType } from '../../halo-api/resources/software-licence.ts';
import type { HaloRecord } from '../../halo-api/halo-api.ts';
import { defineEntity } from '../define-entity.ts';
import type { EntityContext, OpenEntity } from '../entity.ts';
import type { Quarantined } from '../mapped-record.ts';
import { createClientMatcher } from './client-matching.ts';
import type { ClientMatcher, MatchedClient } from './client-matching.ts';
import { createPax8Client, pageOfCursor } from './pax8-client.ts';
import type { Pax8Client } from './pax8-client.ts';
import { createDateReader } from './pax8-dates.ts';
import { productShape, subscriptionShape, type Pax8Subscription } from './pax8-records.ts';
import { sitesOfMoved } from './moved-licences.ts';
import { isOn } from '../halo-row.ts';

// Paid for or in use. "Converted" is a trial that has become a paid subscription.
const Active = new Set(['Active', 'PendingCancel', 'Trial', 'Converted', 'Activated']);
const Inactive = new Set(['Cancelled', 'PendingManual', 'PendingAutomated', 'WaitingForDetails', 'PendingActivation']);

/** Pax8 subscriptions as Halo software licences. */
export const subscriptions = defineEntity<Pax8Subscription>({
  name: 'Subscriptions',
  description: 'Pax8 subscriptions as software licences, with quantity, prices and status.',
  resource: 'SoftwareLicence',
  open: async (context) => readSubscriptions(context),
});

function readSubscriptions(context: EntityContext): OpenEntity<Pax8Subscription> {
  const pax8 = createPax8Client(context);
  const clients = createClientMatcher(context, pax8);
  const utcDate = createDateReader();
  let productNames: Promise<ReadonlyMap<string, string>> | undefined;

  /** Read once; a reading that failed is tried again when they are needed. */
  function productNamesOnce(): Promise<ReadonlyMap<string, string>> {
    if (productNames) return productNames;
    const reading = readProductNames(pax8);
    productNames = reading;
    reading.catch(() => {
      productNames = undefined;
    });
    return reading;
  }

  async function namesFor(records: readonly Pax8Subscription[]): Promise<ReadonlyMap<string, string>> {
    if (records.every((one) => one.productName?.trim() || !one.productId)) return new Map();
    return productNamesOnce();
  }

  function isActive(status: string | null | undefined): boolean {
    if (status && Inactive.has(status)) return false;
    if (status && !Active.has(status)) {
      context.warn(`Pax8 has subscriptions with the status "${status}", which is not known; they count as active.`);
    }
    return true;
  }

  /** Halo counts whole ones. */
  function wholeQuantity(quantity: number | null | undefined): number {
    const whole = Math.trunc(Number(quantity));
    if (whole !== Number(quantity))
      context.warn(
        'Pax8 has subscriptions with a fraction in their quantity, which is left out: Halo counts whole ones.',
      );
    return whole;
  }

  function toLicence(
    one: Pax8Subscription,
    name: string | undefined,
    client: MatchedClient | undefined,
  ): HaloRecord | Quarantined {
    const label = name ?? (one.id ? `subscription ${one.id}` : 'a subscription without a product');
    const start = utcDate(one.startDate) ?? utcDate(one.billingStart) ?? utcDate(one.createdDate);
    const trouble = troubleOf(one, name, start);
    const aside = (reason: string): Quarantined => ({
      quarantined: label,
      reason,
      ...(one.id ? { third_party_id: one.id } : {}),
    });
    if (trouble) return aside(trouble);
    if (!client) return aside('Its company is not known.');
    if ('unmatched' in client) return aside(client.unmatched);
    const fields: Record<string, unknown> = {
      name,
      count: wholeQuantity(one.quantity),
      client_id: client.client_id,
      start_date: start,
      end_date: utcDate(one.endDate) ?? utcDate(one.commitmentTerm?.endDate),
      term_duration: one.commitmentTerm?.term ?? null,
      vendor: 'Pax8',
      distributor: 'Pax8',
      third_party_product: name,
    };
    // What Pax8 does not say is left as it is.
    if (one.price !== undefined) fields['price'] = one.price;
    if (one.partnerCost !== undefined) fields['purchase_price'] = one.partnerCost ?? 0;
    if (one.billingTerm !== undefined) fields['billing_cycle'] = one.billingTerm;
    if (one.vendorSkuId !== undefined) fields['vendor_product_sku'] = one.vendorSkuId;
    fields['type'] = SubscriptionType;
    if (one.status !== undefined) {
      fields['status'] = one.status;
      fields['is_active'] = isActive(one.status);
    }
    return {
      fields,
      third_party_id: one.id ?? undefined,
      third_party_desc: name,
      third_party_secondary_id: one.vendorSubscriptionId ?? undefined,
    };
  }

  return {
    source: {
      shape: subscriptionShape,
      pagesShift: true,
      // Oldest first: what is bought while we read comes at the end and moves nothing.
      pages: () => pax8.pages('/subscriptions', { sort: 'createdDate,asc' }, pageOfCursor(context.cursor)),
    },
    mapping: {
      async toHalo(records) {
        const matched = await clients.match(records.flatMap(({ companyId }) => companyId ?? []));
        const names = await namesFor(records);
        return records.map((one) =>
          toLicence(
            one,
            one.productName?.trim() || names.get(one.productId ?? ''),
            one.companyId ? matched.get(one.companyId) : undefined,
          ),
        );
      },
      basis: {
        value: async (): Promise<Basis> => ({
          clients: clients.found(),
          ...(productNames && { products: [...(await productNames)] }),
        }),
        async lookUpAgain(earlier) {
          const before = earlier as Basis;
          await clients.match(before.clients.map(([companyId]) => companyId));
          if (before.products) await productNamesOnce();
        },
      },
    },
    target: {},
    missing: isOn(context.connection.row['pa8deactivatemissinglicenses']) ? 'deactivated' : 'left',
    followUps: (records, outcomes, halo = context.api) => sitesOfMoved(halo, clients, records, outcomes),
  };
}

/** What subscriptions are mapped by: the clients of their companies, and products' names where a subscription has none. */
interface Basis {
  readonly clients: ReturnType<ClientMatcher['found']>;
  readonly products?: readonly (readonly [id: string, name: string])[];
}

function troubleOf(one: Pax8Subscription, name: string | undefined, start: string | null): string | undefined {
  if (!one.id) return 'Pax8 gives no id for it.';
  if (!one.companyId) return `Pax8 gives no company for subscription ${one.id}.`;
  if (!name) return `Pax8 gives no product name for subscription ${one.id}.`;
  if (one.quantity === null || one.quantity === undefined || !Number.isFinite(Number(one.quantity))) {
    return `Pax8 gives no quantity for subscription ${one.id}.`;
  }
  return start === null ? `Pax8 gives no readable start date for subscription ${one.id}.` : undefined;
}

async function readProductNames(pax8: Pax8Client): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for await (const records of pax8.list('/products', productShape)) {
    for (const { id, name } of records) if (id && name) names.set(id, name.trim());
  }
  return names;
}
