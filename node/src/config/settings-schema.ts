import { linkedResources } from '../halo-api/inferred.ts';
import { resources } from '../halo-api/resources/index.ts';
import type { IntegrationFacts, IntegrationSettingField } from '../integrations/integration.ts';

/** A JSON schema, as far as this file uses it. */
export type Schema = { readonly [keyword: string]: unknown };

const wholeNumber = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum });
const calendarDate = '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$';

function members(properties: Record<string, Schema>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** A number for each of these names; another name would have no effect. */
function numbersOf(names: readonly string[]): Schema {
  return members(Object.fromEntries(names.map((name) => [name, { type: 'integer' }])));
}

const noticeSchema = members({
  Email: members(
    {
      Server: { type: 'string', minLength: 1 },
      Port: wholeNumber(1, 65_535),
      Security: { enum: ['starttls', 'tls', 'none'] },
      TrustServerCertificate: { type: 'boolean' },
      Username: { type: 'string' },
      Password: {},
      From: { type: 'string' },
      To: { type: 'array', items: { type: 'string' } },
    },
    ['Server', 'From', 'To'],
  ),
  Webhook: members({ Url: {}, Shape: { enum: ['teams', 'slack'] } }, ['Url', 'Shape']),
});

/** The schema of appsettings.json but for secrets, the web address and what the integrations' sections hold; the registry says which there are. */
export function frameSchema(registry: readonly IntegrationFacts[]): Schema {
  const histories = [...resources.values()].flatMap(({ history = [] }) => history.map((rule) => rule.name));
  return members(
    {
      $schema: { type: 'string' },
      HaloUrl: { type: 'string' },
      Database: members(
        {
          Server: { type: 'string', minLength: 1 },
          Name: { type: 'string', minLength: 1 },
          Username: { type: 'string' },
          Password: {},
          Encrypt: { type: 'boolean' },
          TrustServerCertificate: { type: 'boolean' },
          ClientId: { type: 'string' },
          TenantId: { type: 'string' },
          Authentication: { enum: ['sql', 'ntlm', 'entra-password', 'entra-token', 'windows'] },
        },
        ['Server', 'Name'],
      ),
      Integrations: members(Object.fromEntries(registry.map(({ name }) => [name, {}]))),
      Sync: members({
        BatchSize: wholeNumber(1, 100_000),
        TimeLimitMinutes: wholeNumber(0, 10_080),
        MaxDeactivatePercent: wholeNumber(0, 100),
        MinReadPercent: wholeNumber(0, 100),
        CompareAllHours: wholeNumber(0, 720),
        MaxAnswerMegabytes: wholeNumber(1, 400),
        MaxAnswerDepth: wholeNumber(8, 1000),
      }),
      Logging: members({
        Level: { enum: ['error', 'warn', 'info', 'debug'] },
        RetentionDays: wholeNumber(1, 3650),
        HistoryDays: wholeNumber(1, 3650),
        MaxRejectionLines: wholeNumber(0, 1_000_000),
        MaxMegabytesPerDay: wholeNumber(1, 100_000),
        Changes: { type: 'boolean' },
        MaxChangesMegabytes: wholeNumber(1, 1_000_000),
      }),
      Halo: members({
        ExternalLinkTableIds: numbersOf(linkedResources),
        ModuleIds: numbersOf(registry.flatMap(({ name, modules = [] }) => [name, ...modules])),
        DeliveryAddressType: wholeNumber(0, 1000),
        ChangeClock: { type: 'boolean' },
        HistoryFieldIds: numbersOf(histories),
      }),
      Nhserver: members({ UpgradeDate: { type: 'string', pattern: calendarDate } }),
      Notice: noticeSchema,
    },
    ['Database'],
  );
}

/** What an integration's section holds. */
export function integrationSchema(integration: IntegrationFacts): Schema {
  const entities = integration.entities.map((entity) => [entity.name, { type: 'boolean' }]);
  const fields = Object.entries(integration.settings).map(([name, field]) => [name, fieldSchema(field)]);
  return members({
    Entities: members(Object.fromEntries(entities) as Record<string, Schema>),
    Settings: members(Object.fromEntries(fields) as Record<string, Schema>),
  });
}

function fieldSchema(field: IntegrationSettingField): Schema {
  // What a secret may be is more than a schema says well: see validate-settings.ts.
  if (field.perName) return { type: 'object' };
  if (field.secret) return {};
  return field.type === 'string[]' ? { type: 'array', items: { type: 'string' } } : { type: field.type };
}
