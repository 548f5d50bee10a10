import { entity } from '../kit/descriptor/described-entity.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import { isObject, textOf } from '../kit/field-path.ts';
import type { AssetRecord, VendorFieldValue } from '../kit/kinds/assets/asset-record.ts';
import { assets } from '../kit/kinds/assets/assets.ts';
import { clients } from '../kit/kinds/clients.ts';
import { companies, hardware, type Hardware } from './snipe-it-lists.ts';

/** Snipe-IT: companies, and the hardware they have, with its fields, its place and whom it was given to. */
export const snipeIt: Descriptor = {
  name: 'SnipeIt',
  displayName: 'Snipe-IT',
  summary: 'Companies become clients; hardware becomes assets with its fields, and the user it was checked out to.',
  halo: { modules: ['Snipe-IT', 'SnipeIT', 'Snipe IT'], details: { table: 'SnipeITDetails' } },
  settings: {
    Url: {
      type: 'string',
      required: true,
      fromHalo: { word: 'url', plain: /^https?:\/\// },
      description: 'Where your Snipe-IT is, such as https://assets.example.com.',
    },
    ApiToken: {
      type: 'string',
      required: true,
      secret: true,
      fromHalo: { word: 'password', plain: /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/ },
      description: 'A personal API token of a user who may view companies and assets.',
    },
  },
  api: {
    address: '{Url}/api/v1',
    signIn: { style: 'key', headers: { Authorization: 'Bearer {ApiToken}' } },
    rates: { windows: [{ requests: 120, seconds: 60 }] },
  },
  probe: { url: '/hardware', query: { limit: 1 }, count: { at: 'total', of: 'assets' } },
  clients: { noun: 'company', entity: 'Companies' },
  entities: [
    entity({
      name: 'Companies',
      description: 'Companies as clients, each with its main site.',
      kind: clients(),
      source: companies,
      permissions: ['View companies'],
      record: ({ name }, id) => ({ id, name: unescaped(name) }),
    }),
    entity({
      name: 'Assets',
      description: 'Hardware as assets, with its fields and the user it was checked out to.',
      kind: assets({ labels: ['Hardware'] }),
      source: hardware,
      permissions: ['View assets'],
      record: toAsset,
    }),
  ],
  documentation: { 'Snipe-IT API': 'https://snipe-it.readme.io/reference/api-overview' },
  assumed: [
    {
      what: 'A location is the site that it is mapped to, linked with, or that has its name at the company’s client; else the asset goes to the client’s only or main site, else to the default site.',
      evidence: 'Locations of Snipe-IT belong to no company.',
    },
    {
      what: 'Companies come in one answer; where Snipe-IT gives fewer than it says there are, the entity says so and nothing is taken for missing.',
      evidence: 'Its description names no paging for them.',
    },
    {
      what: 'The type of an asset is its category, and fields are mapped by the names of Snipe-IT’s API (model, manufacturer, order_number …) and by the labels of custom fields.',
      evidence: 'Halo’s mapping keeps the vendor’s name of a field as text.',
    },
    {
      what: 'Hardware with an archived status is out of use; hardware that is in no list is gone.',
      evidence: 'Snipe-IT’s status labels have a status_meta, of which "archived" is one.',
    },
  ],
  triedAgainst: 'a server made from the part of Snipe-IT’s description 8.2.0 that is called',
};

function toAsset(one: Hardware, id: string): AssetRecord {
  const { company, location, rtd_location: home, assigned_to: holder } = one;
  const place = location ?? home;
  return {
    id,
    name: unescaped(one.asset_tag) || unescaped(one.name),
    type: unescaped(one.category?.name),
    client: textOf(company?.id),
    clientName: unescaped(company?.name),
    site: textOf(place?.id),
    siteName: unescaped(place?.name),
    serial: unescaped(one.serial),
    // It may be checked out to a place or to another asset, too.
    ...(holder?.type === 'user' && { owners: [holder.username, holder.email].map(unescaped) }),
    retired: one.status_label?.status_meta === 'archived',
    fields: {
      ...customFields(one.custom_fields),
      asset_tag: unescaped(one.asset_tag),
      name: unescaped(one.name),
      serial: unescaped(one.serial),
      model: unescaped(one.model?.name),
      model_number: unescaped(one.model_number),
      status: unescaped(one.status_label?.name),
      category: unescaped(one.category?.name),
      manufacturer: unescaped(one.manufacturer?.name),
      supplier: unescaped(one.supplier?.name),
      location: unescaped(place?.name),
      assigned_to: unescaped(holder?.name),
      notes: unescaped(one.notes),
      order_number: unescaped(one.order_number),
      purchase_cost: one.purchase_cost,
      purchase_date: dateIn(one.purchase_date?.date),
      warranty_expires: dateIn(one.warranty_expires?.date),
    },
  };
}

/** `{label: {field, value}}` by label; an empty list where there are none. */
function customFields(said: unknown): Record<string, VendorFieldValue> {
  if (!isObject(said)) return {};
  const values = Object.entries(said).flatMap(([label, one]) =>
    isObject(one) && (one['value'] === null || typeof one['value'] === 'string')
      ? [[label, unescaped(one['value'])] as const]
      : [],
  );
  return Object.fromEntries(values);
}

function dateIn(text: string | null | undefined): Date | null | undefined {
  if (text === null || text === undefined) return text;
  const date = new Date(`${text}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const characters: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#039': "'", '#39': "'" };

/** A text as it was typed: Snipe-IT escapes texts for HTML in its API's answers (`Macbook Pro 13&quot;`). */
function unescaped<T extends string | null | undefined>(text: T): T {
  return text?.replaceAll(/&(amp|lt|gt|quot|#0?39);/g, (_, name: string) => characters[name] ?? '') as T;
}
