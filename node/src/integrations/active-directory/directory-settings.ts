import { DirectorySignInError } from '../../errors/directory-errors.ts';
import { MissingCredentialError } from '../../errors/vendor-errors.ts';
import type { VendorContext } from '../connection.ts';
import type { SettingDeclaration } from '../kit/descriptor/descriptor.ts';
import type { DirectoryAddress } from '../kit/ldap/directory.ts';
import { isOn, textIn } from '../halo-row.ts';

/** Name of the integration in appsettings.json. */
export const directoryName = 'ActiveDirectory';

/** Settings of the integration in appsettings.json; host, port, base and account come from the connection in Halo. */
export const directorySettings: Readonly<Record<string, SettingDeclaration>> = {
  Password: {
    type: 'string',
    secret: true,
    required: true,
    description: 'Password of the account that reads the directory (Halo keeps its own encrypted).',
  },
  Username: {
    type: 'string',
    fromHalo: { word: 'username', plain: /\S/ },
    description: 'The account, as name@company.local or a distinguished name, where it is another than in Halo.',
  },
  Host: { type: 'string', description: 'Name or address of the directory server, where it is another than in Halo.' },
  Encryption: {
    type: 'string',
    description:
      '“ldaps”, “starttls” or “none”, where it is to be another than in Halo: SSL there means ldaps, else none.',
  },
  TrustServerCertificate: {
    type: 'boolean',
    default: false,
    description: 'Take any certificate of the server. Only for a network you trust.',
  },
  DeactivateMissing: {
    type: 'boolean',
    default: true,
    description: 'Set users inactive who are no longer in any container that is mapped.',
  },
  UpdateSites: {
    type: 'boolean',
    default: true,
    description: 'Move users to the site of the container they are in now; otherwise only new users get it.',
  },
  FieldNames: {
    type: 'string[]',
    description:
      'What names of Halo’s field mappings mean that are not known, each as "name=field", such as "Job Title=title".',
  },
};

/** LDAP's port without and with SSL (RFC 4513, IANA). */
const ports = { plain: 389, ldaps: 636 };
const encryptions = ['ldaps', 'starttls', 'none'] as const;

/** A setting that is a text with something in it. */
function setting(settings: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return textIn(settings[name]);
}

/**
 * Where the directory of a connection is, and how to sign in. Throws MissingCredentialError, and DirectorySignInError where Halo's
 * connection asks for a way of signing in that there is not.
 */
export function addressOf({ connection, settings }: Pick<VendorContext, 'connection' | 'settings'>): DirectoryAddress {
  const { row } = connection;
  const certificateName = textIn(row['LCHostName']);
  const host = setting(settings, 'Host') ?? textIn(row['LCHaloIntegratorIPAddress']) ?? certificateName;
  const password = setting(settings, 'Password');
  const name = setting(settings, 'Username');
  const lacking = [...(host ? [] : ['Host']), ...(name ? [] : ['Username']), ...(password ? [] : ['Password'])];
  if (!host || !name || !password) throw new MissingCredentialError(directoryName, lacking);
  const kind = textIn(row['LCType']);
  if (kind !== undefined && kind.toLowerCase() !== 'basic')
    throw new DirectorySignInError(
      host,
      `the connection in Halo asks for the authentication type "${kind}"`,
      'Set it to Basic in Halo: simple bind is what there is, over LDAPS or StartTLS. Kerberos and NTLM are not spoken.',
    );
  const asked = setting(settings, 'Encryption')?.toLowerCase();
  const encryption = encryptions.find((one) => one === asked) ?? (isOn(row['LCSSL']) ? 'ldaps' : 'none');
  const port = Number(textIn(row['LCPort']) ?? 0);
  return {
    host,
    // With SSL switched on, the default of the column is not what is meant.
    port:
      port > 0 && !(encryption === 'ldaps' && port === ports.plain)
        ? port
        : encryption === 'ldaps'
          ? ports.ldaps
          : ports.plain,
    encryption,
    trustServerCertificate: settings['TrustServerCertificate'] === true,
    ...(certificateName !== undefined && { certificateName }),
    username: fullName(name, textIn(row['LCDomainName'])),
    password,
  };
}

/** Active Directory takes a bare name from nobody; with the domain of the connection it is a user principal name. */
function fullName(name: string, domain: string | undefined): string {
  return /[@\\=]/.test(name) || domain === undefined ? name : `${name}@${domain}`;
}
