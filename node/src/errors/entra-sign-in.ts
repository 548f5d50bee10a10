const tenant =
  'Correct the tenant id: it is the Directory (tenant) ID that the Entra admin center shows under Overview. It stands in the connection in Halo\u2019s web app, for mail in Integrations.IncomingMail.Settings.Tenant or in the mailbox, for the database in Database.TenantId.';
const application =
  'Correct the client id: it is the Application (client) ID of the app registration, which has to be in this tenant, or to be consented to there by an administrator.';
const secret =
  'Make a new client secret in the app registration, and set its Value (not its Secret ID): Set-HaloIntegrationSetting <integration> ClientSecret -Secret (Read-Host -AsSecureString).';
const account = 'Check user name and password of the account.';
const interaction =
  'Use an account that signs in without a second factor or further conditions, or except it from the rule of conditional access; nobody is there to answer.';

/** What the codes of Entra's sign-in (AADSTS…) ask an administrator to do; from Microsoft's list of them. */
const advices: Readonly<Record<string, string>> = {
  90002: tenant,
  900021: tenant,
  900023: tenant,
  50059: tenant,
  50020: tenant,
  700016: application,
  7000112: 'The application is disabled in this tenant: enable it under Enterprise applications, or use another one.',
  7000215: secret,
  7000218: secret,
  7000222: `The client secret has expired. ${secret}`,
  700027: secret,
  65001:
    'Let an administrator of the tenant grant the application\u2019s permissions (API permissions, Grant admin consent).',
  500011:
    'The address asked for is not known in this tenant: correct GraphUrl and LoginUrl, which differ in national clouds.',
  900382: 'The tenant is in another cloud: set GraphUrl and LoginUrl to those of its cloud.',
  90072: tenant,
  50034: account,
  50126: account,
  50053: 'The account is locked: unlock it, and look for what signs in with an old password.',
  50055: 'The password has expired: set a new one.',
  50056: account,
  50057: 'The account is disabled: enable it, or use another one.',
  50076: interaction,
  50079: interaction,
  50158: interaction,
  53000: interaction,
  53003: interaction,
  50105: 'Assign the account to the application (Enterprise applications, Users and groups).',
  90033: 'Entra is out of order for a while: run again later.',
  7000014: secret,
};

/** What to do about a refused sign-in by the code in Entra's words; undefined where there is none. */
export function entraSignInAdvice(said: string): string | undefined {
  const code = /\bAADSTS(\d+)\b/.exec(said)?.[1];
  if (code === undefined) return undefined;
  return (
    advices[code] ??
    `Look up AADSTS${code} at https://login.microsoftonline.com/error?code=${code}, and check tenant id, client id and client secret.`
  );
}
