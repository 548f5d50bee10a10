import type { HaloObject } from '../../halo-api/halo-api.ts';
import type { Tenant } from './directory.ts';
import type { GraphUser } from './graph-records.ts';

/**
 * A user's fields in Halo; undefined for one without a name. What Entra leaves empty is left out, so that a phone number or a
 * title that was typed into Halo stays.
 */
export function userFields(user: GraphUser, tenant: Tenant): HaloObject | undefined {
  const login = text(user.userPrincipalName);
  const name = text(user.displayName) ?? login;
  if (name === undefined) return undefined;
  const optional = {
    firstname: text(user.givenName),
    surname: text(user.surname),
    emailaddress: text(user.mail) ?? address(login),
    title: text(user.jobTitle),
    phonenumber: text(user.businessPhones?.[0]),
    mobilenumber: text(user.mobilePhone),
    login,
    samaccountname: text(user.onPremisesSamAccountName),
  };
  return {
    name,
    azureoid: user.id,
    azure_tenant_id: tenant.id,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function text(value: string | null | undefined): string | undefined {
  return value?.trim() || undefined;
}

/** A sign-in name as an address; a guest's is made up (`name_home.example#EXT#@…`) and none. */
function address(login: string | undefined): string | undefined {
  return login?.includes('@') && !login.includes('#') ? login : undefined;
}
