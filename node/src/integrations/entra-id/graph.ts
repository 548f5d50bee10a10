import { recordShape, type RecordOf, type RecordShape } from '../../reading/record-shape.ts';
import type { DescribedContext } from '../kit/descriptor/described-context.ts';
import type { Descriptor } from '../kit/descriptor/descriptor.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';
import { openTenants, type Tenant, type TenantReading } from '../kit/sources/from-tenants.ts';
import type { LinkPaging } from '../kit/sources/paging.ts';
import type { VendorApi } from '../kit/vendor-api.ts';

/** Microsoft Graph, signed in to a tenant. */
export const graphApi: NonNullable<Descriptor['api']> = {
  address: '{graph}/v1.0',
  signIn: {
    style: 'client-credentials',
    url: '{login}/{tenant}/oauth2/v2.0/token',
    clientId: '{ClientId}',
    clientSecret: '{ClientSecret}',
    fields: { scope: '{graph}/.default' },
  },
  values: ({ settings }) => ({ login: bare(settings['LoginUrl']), graph: bare(settings['GraphUrl']) }),
};

/** An address without a slash at its end. */
export function bare(address: unknown): string {
  return String(address ?? '').replace(/\/+$/, '');
}

/** Graph for one tenant. */
export function graphOf(
  { vendorApi }: Pick<DescribedContext, 'vendorApi'>,
  { id }: { readonly id: string },
): VendorApi {
  return vendorApi({ tenant: encodeURIComponent(id) });
}

/** Opens Graph's lists of tenant after tenant. */
export function openGraph<N extends Tenant>(tenants: readonly N[], context: DescribedContext): TenantReading<N> {
  return openTenants(tenants, context, (tenant) => graphOf(context, tenant));
}

const links: LinkPaging = { style: 'link', next: '@odata.nextLink' };
const byLinks: LinkPaging = { ...links, size: { parameter: '$top', value: 999 } };

/** Properties every read of users selects. */
const userProperties = {
  id: 'text',
  displayName: 'text',
  givenName: 'text',
  surname: 'text',
  mail: 'text',
  userPrincipalName: 'text',
  accountEnabled: 'boolean',
  userType: 'text',
  jobTitle: 'text',
  businessPhones: 'texts',
  mobilePhone: 'text',
  onPremisesSamAccountName: 'text',
} as const;
/** Properties that only a mapping looks at. */
const mappableProperties = {
  department: 'text',
  companyName: 'text',
  officeLocation: 'text',
  city: 'text',
  state: 'text',
  country: 'text',
  usageLocation: 'text',
  employeeType: 'text',
  onPremisesDomainName: 'text',
} as const;
const userFields = recordShape(
  { ...userProperties, ...mappableProperties, '@removed': { reason: 'text' } },
  { id: 'id', name: ['displayName', 'userPrincipalName', 'mail'] },
);
/** A user, as far as it is used; a list of changes may bring a part of the fields only. */
export type GraphUser = Named<RecordOf<typeof userFields>>;

/** The property of a user that a Halo field name stands for; undefined for one that is not known. */
export function userProperty(name: string): string | undefined {
  return propertyIn({ ...userProperties, ...mappableProperties }, name);
}

/** What to select of users, with the properties that mappings name. */
export function selectOfUsers(named: readonly string[]): string {
  return [...new Set([...Object.keys(userProperties), ...named.flatMap((name) => userProperty(name) ?? [])])].join(',');
}

/** Users, and the same by what changed. */
export function userLists(select: string): Readonly<Record<'all' | 'changes', DeclaredSource<GraphUser>>> {
  const list = { shape: userFields as RecordShape<GraphUser>, records: 'value', query: { $select: select } };
  const changes = { ...byLinks, delta: '@odata.deltaLink' };
  return {
    all: { ...list, url: '/users', paging: byLinks },
    changes: { ...list, url: '/users/delta()', paging: changes },
  };
}

/** Users with the ids of the products they hold. */
export const licenceUserList = {
  shape: recordShape({ id: 'text', assignedLicenses: [{ skuId: 'text' }] }, { id: 'id' }),
  url: '/users',
  query: { $select: 'id,assignedLicenses' },
  records: 'value',
  paging: byLinks,
} as const satisfies DeclaredSource;
export type GraphLicenceUser = RecordOf<typeof licenceUserList.shape>;

/** The ids of a group's members, those of groups within it as well where that is asked for. */
export function memberList(
  group: string,
  nested: boolean,
): DeclaredSource<{ readonly id?: string | null | undefined }> {
  const url = `/groups/${encodeURIComponent(group)}/${nested ? 'transitiveMembers' : 'members'}`;
  const shape = recordShape({ id: 'text' }, { id: 'id' });
  return { shape, url, query: { $select: 'id' }, records: 'value', paging: byLinks };
}

/** Products that a tenant has bought. */
export const skuList = {
  shape: recordShape(
    {
      id: 'text',
      skuId: 'text',
      skuPartNumber: 'text',
      appliesTo: 'text',
      capabilityStatus: 'text',
      consumedUnits: 'number',
      prepaidUnits: { enabled: 'number', warning: 'number' },
    },
    { id: 'id', name: ['skuPartNumber'] },
  ),
  url: '/subscribedSkus',
  records: 'value',
  paging: links,
} as const satisfies DeclaredSource;
export type GraphSku = RecordOf<typeof skuList.shape>;

const deviceProperties = {
  id: 'text',
  deviceName: 'text',
  serialNumber: 'text',
  manufacturer: 'text',
  model: 'text',
  operatingSystem: 'text',
  managementAgent: 'text',
  userId: 'text',
} as const;
/** Properties that only the asset's type may go by. */
const typeProperties = {
  deviceCategoryDisplayName: 'text',
  deviceEnrollmentType: 'text',
  managedDeviceOwnerType: 'text',
  osVersion: 'text',
  enrollmentProfileName: 'text',
} as const;
const deviceFields = recordShape(
  { ...deviceProperties, ...typeProperties },
  { id: 'id', name: ['deviceName', 'serialNumber'] },
);
/** A device that Intune manages. */
export type GraphDevice = Named<RecordOf<typeof deviceFields>>;

/** The property of a device that says its type, by the name in Halo's row; undefined for one that is not known. */
export function deviceProperty(name: string): string | undefined {
  return propertyIn({ ...deviceProperties, ...typeProperties }, name);
}

/** Devices, with the property that says their type. */
export function deviceList(type: string): DeclaredSource<GraphDevice> {
  return {
    shape: deviceFields as RecordShape<GraphDevice>,
    url: '/deviceManagement/managedDevices',
    query: { $select: [...new Set([...Object.keys(deviceProperties), type])].join(',') },
    records: 'value',
    paging: byLinks,
  };
}

function propertyIn(properties: object, name: string): string | undefined {
  return Object.keys(properties).find((one) => one.toLowerCase() === name.toLowerCase());
}

/** A record whose properties may be looked up by the names that Halo's rows give. */
type Named<T> = T & { readonly [property: string]: unknown };
