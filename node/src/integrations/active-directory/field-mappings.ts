import type { HaloApi } from '../../halo-api/halo-api.ts';
import { agent } from '../../halo-api/resources/agent.ts';
import { users } from '../../halo-api/resources/users.ts';
import type { HaloConnection } from '../connection.ts';
import { isOn, textIn } from '../halo-row.ts';

const fieldTable = 'LDAPNAME';

/** Halo's field of each attribute that is brought. */
export type FieldMappings = ReadonlyMap<string, string>;

/** What is brought where the connection maps no field: the attributes that Halo's own list of mappings begins with (inferred). */
const usual: FieldMappings = new Map([
  ['displayName', 'name'],
  ['givenName', 'firstname'],
  ['sn', 'surname'],
  ['mail', 'emailaddress'],
  ['telephoneNumber', 'phonenumber'],
  ['mobile', 'mobilenumber'],
  ['title', 'title'],
  ['sAMAccountName', 'samaccountname'],
]);

/** Words of Halo's screens for fields of a user. */
const labels: Readonly<Record<string, string>> = {
  username: 'name',
  fullname: 'name',
  displayname: 'name',
  forename: 'firstname',
  lastname: 'surname',
  email: 'emailaddress',
  mail: 'emailaddress',
  phone: 'phonenumber',
  telephone: 'phonenumber',
  telephonenumber: 'phonenumber',
  extension: 'phonenumber',
  mobile: 'mobilenumber',
  mobilephone: 'mobilenumber',
  homephone: 'homenumber',
  jobtitle: 'title',
  networklogin: 'login',
  loginname: 'login',
};

/** Fields that are the directory's or the mapping's to say, whatever attribute they are mapped from. */
const ours = new Set(['id', 'site_id', 'inactive', 'uactguid', 'adconnection', 'admanager', 'ucn']);

/** Reads the connection's field mappings for users; a field that is not known is left out with a warning. */
export async function readFieldMappings(
  connection: HaloConnection,
  api: HaloApi,
  settings: Readonly<Record<string, unknown>>,
  warn: (message: string) => void,
): Promise<FieldMappings> {
  const rows = (await api.settingsRows(fieldTable, { LDAPConnectionID: connection.id })).filter(
    (row) => isOn(row['userfield']) && !isOn(row['userticketfield']),
  );
  const meanings = fieldNames(settings['FieldNames']);
  const mapped = rows.flatMap((row): [string, string][] => {
    const [attribute, named] = [textIn(row['LDAPfield']), textIn(row['NetHdfield'])];
    if (attribute === undefined || named === undefined) return [];
    const field = meanings.get(plain(named)) ?? fieldOf(named);
    if (field === undefined)
      warn(
        `Halo maps the attribute "${attribute}" to "${named}", which is no field of users that is known: it is left out. ` +
          'Set Integrations.ActiveDirectory.Settings.FieldNames to say what it means.',
      );
    return field === undefined || ours.has(field) ? [] : [[attribute, field]];
  });
  if (mapped.length === 0) return usual;
  const named = mapped.some(([, field]) => field === 'name');
  return new Map(named ? mapped : [['displayName', 'name'], ...mapped]);
}

/** A field of the built-in API by its own name, by that of its column, or by a word of Halo's screens. */
function fieldOf(named: string): string | undefined {
  const wanted = plain(named);
  const fields = users.fields.filter(({ readOnly, type, json }) => !readOnly && type === 'string' && !ours.has(json));
  const found = fields.find(({ json, column }) => plain(json) === wanted || plain(column) === wanted);
  return found?.json ?? labels[wanted];
}

/** Fields of an agent that are brought, and the attributes they are from. */
export const agentFields: FieldMappings = new Map(
  [...usual].flatMap(([attribute, field]): [string, string][] => {
    const own = field === 'emailaddress' ? 'email' : field;
    return agent.fields.some(({ json }) => json === own) ? [[attribute, own]] : [];
  }),
);

function fieldNames(setting: unknown): ReadonlyMap<string, string> {
  const lines = Array.isArray(setting) ? setting.filter((line) => typeof line === 'string') : [];
  return new Map(
    lines.flatMap((line): [string, string][] => {
      const at = line.lastIndexOf('=');
      const field = at > 0 ? fieldOf(line.slice(at + 1)) : undefined;
      return field === undefined ? [] : [[plain(line.slice(0, at)), field]];
    }),
  );
}

function plain(name: string): string {
  return name.replaceAll(/[\s_.-]/g, '').toLowerCase();
}
