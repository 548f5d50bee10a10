/** An address as Pax8 gives it. */
export interface Pax8Address {
  readonly street?: string | null;
  readonly street2?: string | null;
  readonly city?: string | null;
  readonly stateOrProvince?: string | null;
  readonly postalCode?: string | null;
  readonly country?: string | null;
}

/** A company of `GET /companies`, as far as it is used. Any field may be missing: Pax8's own examples lack required ones. */
export interface Pax8Company {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly address?: Pax8Address | null;
  readonly phone?: string | null;
  readonly website?: string | null;
  readonly status?: string | null;
}

/** A contact of `GET /companies/{companyId}/contacts`. */
export interface Pax8Contact {
  readonly id?: string | null;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
}

/** A product of `GET /products`. */
export interface Pax8Product {
  readonly id?: string | null;
  readonly name?: string | null;
  readonly vendorName?: string | null;
  readonly shortDescription?: string | null;
  readonly sku?: string | null;
  readonly vendorSku?: string | null;
}

/** A subscription of `GET /subscriptions`. */
export interface Pax8Subscription {
  readonly id?: string | null;
  readonly companyId?: string | null;
  readonly productId?: string | null;
  readonly vendorSubscriptionId?: string | null;
  readonly vendorSkuId?: string | null;
  readonly quantity?: number | null;
  readonly startDate?: string | null;
  readonly endDate?: string | null;
  readonly createdDate?: string | null;
  readonly billingStart?: string | null;
  readonly status?: string | null;
  readonly price?: number | null;
  readonly partnerCost?: number | null;
  readonly productName?: string | null;
  readonly billingTerm?: string | null;
  readonly commitmentTerm?: { readonly term?: string | null; readonly endDate?: string | null } | null;
}

/** Texts as Halo's fields take them: trimmed, null where Pax8 has none, and left out where it does not say. */
export function given<K extends string>(
  texts: Readonly<Record<K, string | null | undefined>>,
): Record<string, string | null> {
  const said = Object.entries<string | null | undefined>(texts).filter(([, text]) => text !== undefined);
  return Object.fromEntries(said.map(([name, text]) => [name, text?.trim() || null]));
}
