/** A user of `GET /users`, as far as it is used; a delta may bring a part of the fields only. */
export interface GraphUser {
  readonly id?: string;
  readonly displayName?: string | null;
  readonly givenName?: string | null;
  readonly surname?: string | null;
  readonly mail?: string | null;
  readonly userPrincipalName?: string | null;
  readonly accountEnabled?: boolean | null;
  readonly userType?: string | null;
  readonly jobTitle?: string | null;
  readonly businessPhones?: readonly string[] | null;
  readonly mobilePhone?: string | null;
  readonly onPremisesSamAccountName?: string | null;
  readonly '@removed'?: { readonly reason?: string };
  /** Properties that only a mapping looks at. */
  readonly [property: string]: unknown;
}

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

/** A product of `GET /subscribedSkus`. */
export interface GraphSku {
  readonly id?: string;
  readonly skuId?: string | null;
  readonly skuPartNumber?: string | null;
  readonly appliesTo?: string | null;
  readonly capabilityStatus?: string | null;
  readonly consumedUnits?: number | null;
  readonly prepaidUnits?: { readonly enabled?: number | null; readonly warning?: number | null } | null;
}

/** A device of `GET /deviceManagement/managedDevices`. */
export interface GraphDevice {
  readonly id?: string;
  readonly deviceName?: string | null;
  readonly serialNumber?: string | null;
  readonly manufacturer?: string | null;
  readonly model?: string | null;
  readonly operatingSystem?: string | null;
  readonly managementAgent?: string | null;
  readonly userId?: string | null;
  readonly [property: string]: unknown;
}
