import { recordShape, type RecordOf, type RecordShape } from '../../reading/record-shape.ts';

/** Properties every read of users selects. */
export const UserProperties = [
  'id',
  'displayName',
  'givenName',
  'surname',
  'mail',
  'userPrincipalName',
  'accountEnabled',
  'userType',
  'jobTitle',
  'businessPhones',
  'mobilePhone',
  'onPremisesSamAccountName',
] as const;

/** Properties a mapping's filter or site field may name beyond those. */
export const MappableProperties = [
  'department',
  'companyName',
  'officeLocation',
  'city',
  'state',
  'country',
  'usageLocation',
  'employeeType',
  'onPremisesDomainName',
] as const;

/** A user of `GET /users`, as far as it is used; a delta may bring a part of the fields only. */
const userFields = recordShape(
  {
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
    '@removed': { reason: 'text' },
    // Properties that only a mapping looks at.
    department: 'text',
    companyName: 'text',
    officeLocation: 'text',
    city: 'text',
    state: 'text',
    country: 'text',
    usageLocation: 'text',
    employeeType: 'text',
    onPremisesDomainName: 'text',
  },
  { id: 'id', name: ['displayName', 'userPrincipalName', 'mail'] },
);
export type GraphUser = Named<RecordOf<typeof userFields>>;
export const userShape = userFields as RecordShape<GraphUser>;

/** The licences of a user, by the ids of the products. */
export const licenceHolderShape = recordShape({ id: 'text', assignedLicenses: [{ skuId: 'text' }] }, { id: 'id' });
export type GraphLicenceHolder = RecordOf<typeof licenceHolderShape>;

/** A member of a group. */
export const memberShape = recordShape({ id: 'text' }, { id: 'id' });

/** A product of `GET /subscribedSkus`. */
export const skuShape = recordShape(
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
);
export type GraphSku = RecordOf<typeof skuShape>;

/** A device of `GET /deviceManagement/managedDevices`. */
const deviceFields = recordShape(
  {
    id: 'text',
    deviceName: 'text',
    serialNumber: 'text',
    manufacturer: 'text',
    model: 'text',
    operatingSystem: 'text',
    managementAgent: 'text',
    userId: 'text',
    // Properties that only the asset's type may go by.
    deviceCategoryDisplayName: 'text',
    deviceEnrollmentType: 'text',
    managedDeviceOwnerType: 'text',
    osVersion: 'text',
    enrollmentProfileName: 'text',
  },
  { id: 'id', name: ['deviceName', 'serialNumber'] },
);
export type GraphDevice = Named<RecordOf<typeof deviceFields>>;
export const deviceShape = deviceFields as RecordShape<GraphDevice>;

/** A record whose properties may be looked up by the names that Halo's rows give. */
type Named<T> = T & { readonly [property: string]: unknown };
