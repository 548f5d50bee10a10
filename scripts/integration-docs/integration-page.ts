import { neededRights } from '../../node/src/commands/needed-rights.ts';
import { wordPlaces } from '../../node/src/integrations/kit/descriptor/connections.ts';
import type { DescribedEntity } from '../../node/src/integrations/kit/descriptor/described-entity.ts';
import type { Descriptor } from '../../node/src/integrations/kit/descriptor/descriptor.ts';
import { integrationOf, settingsOf } from '../../node/src/integrations/kit/descriptor/integration-of.ts';
import type { IntegrationSettingField } from '../../node/src/integrations/integration.ts';
import { wordEffects, wordResources } from './word-effects.ts';

/** Between these lines a page is made from the descriptor; what is written outside of them stays. */
export const begins = '<!-- made from the descriptor: npm run docs:integrations -->';
export const ends = '<!-- the end of what is made -->';

/** The file name of an integration's page, and of its folder: its name as shown, in small letters. */
export function slugOf({ displayName }: Pick<Descriptor, 'displayName'>): string {
  return displayName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** An integration's page, as far as it is made from its descriptor. */
export function integrationPage(descriptor: Descriptor): string {
  const { displayName, summary } = descriptor;
  return [
    begins,
    `# ${displayName}`,
    `${summary} Nothing is ever written to ${displayName}.`,
    '## Set up',
    setUp(descriptor),
    settingsTable(descriptor),
    '## What Halo’s connection decides',
    ...connection(descriptor),
    '## What is brought',
    entitiesTable(descriptor.entities),
    'An entity runs when it is on in appsettings.json **and** in Halo. A list that did not come whole is written as far as it came, is told, and nothing is set inactive by it.',
    '## Rights in Halo’s database',
    rights(descriptor),
    '## What is assumed',
    assumed(descriptor),
    '## What it was tried against',
    `It was tried against ${descriptor.triedAgainst}; no live account of the vendor’s was at hand.`,
    links(descriptor),
    ends,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function setUp(descriptor: Descriptor): string {
  const { name, displayName, entities, settings } = descriptor;
  const permissions = [...new Set(entities.flatMap((entity) => entity.permissions))];
  const required = Object.entries(settings).filter(([, { required: needed, fromHalo }]) => needed && !fromHalo);
  const set = required.map(([setting, { secret }]) =>
    secret
      ? `Set-HaloIntegrationSetting ${name} ${setting} -Secret (Read-Host -AsSecureString) -Protect -ConfigPath $hourly`
      : `Set-HaloIntegrationSetting ${name} ${setting} … -ConfigPath $hourly`,
  );
  const grant = permissions.length > 0 ? `, and grant it: ${permissions.join('; ')}` : '';
  return [
    `1. In ${displayName}, make the credentials that the settings below name${grant}.`,
    `2. In Halo, set up the ${displayName} connection and switch its integrator on.`,
    '3. In PowerShell, for the instance’s folder:',
    '',
    '```powershell',
    ...set,
    `Enable-HaloIntegration ${name} -Entity ${entities.map((entity) => entity.name).join(', ')} -ConfigPath $hourly`,
    'Test-HaloDbConfig -ConfigPath $hourly   # signs in, and says what is missing',
    '```',
  ].join('\n');
}

function settingsTable(descriptor: Descriptor): string {
  const rows = Object.entries(settingsOf(descriptor)).map(([name, field]) => [
    `\`${name}\``,
    defaultOf(field, name in descriptor.settings && descriptor.settings[name]?.required === true),
    field.description,
  ]);
  return table(['Setting', 'Default', 'What it is'], rows);
}

function defaultOf({ default: value, secret, type }: IntegrationSettingField, required: boolean): string {
  if (value === undefined) return required ? `needed${secret ? ', secret' : ''}` : 'none';
  return type === 'boolean' ? (value === true ? 'on' : 'off') : `\`${String(value)}\``;
}

function connection(descriptor: Descriptor): string[] {
  const { halo, displayName } = descriptor;
  const where = [
    ...(halo.details ? [`each row of \`${halo.details.table}\` is a connection`] : []),
    ...(halo.control
      ? [
          `${halo.details ? 'where it has none, ' : ''}the one connection is the row of \`MODULESETUP\` named ${halo.modules.map((one) => `“${one}”`).join(' or ')}, with columns of the CONTROL tables`,
        ]
      : []),
  ].join('; ');
  const rows = wordPlaces(descriptor).flatMap(([word, columns]) => {
    const effect = wordEffects[word];
    const about = wordResources[word];
    const brings = about === undefined || descriptor.entities.some(({ resource }) => resource === about);
    return effect === undefined || !brings ? [] : [[columns.map((column) => `\`${column}\``).join(', '), effect]];
  });
  return [`In Halo, ${where}. How ${displayName} is brought is Halo’s to say:`, table(['Column', 'Effect'], rows)];
}

function entitiesTable(entities: readonly DescribedEntity[]): string {
  return table(
    ['Entity', 'What it brings', 'Asks', 'Writes'],
    entities.map(({ name, description, endpoints, resource, alsoWrites }) => [
      name,
      description,
      endpoints.map((one) => `\`${one}\``).join('<br>') || '–',
      [resource, ...(alsoWrites ?? [])].join(', '),
    ]),
  );
}

function rights(descriptor: Descriptor): string {
  const needed = [...neededRights([integrationOf(descriptor)])].filter(([, one]) => one.length > 1);
  const written = needed.map(([name, one]) => `\`${name}\` (${one.filter((right) => right !== 'SELECT').join(', ')})`);
  return `The [grant script](../sql-server.md) gives them with those of all others. Written: ${written.join(', ')}.`;
}

function assumed({ assumed: all }: Descriptor): string {
  if (all.length === 0) return 'Nothing beside what [Halo’s database](../halo-database.md) says of all integrations.';
  return table(
    ['Assumed', 'What speaks for it', 'Otherwise by'],
    all.map(({ what, evidence, setting }) => [what, evidence, setting === undefined ? '–' : `\`${setting}\``]),
  );
}

function links({ documentation }: Descriptor): string {
  const all = Object.entries(documentation).map(([title, url]) => `[${title}](${url})`);
  return all.length === 0 ? '' : `The vendor’s documentation: ${all.join(' · ')}`;
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
