import { fieldsOf, type Resource } from './resource.ts';

/** Errors of single records that Halo's own integrations met with: IntegrationError. */
export const integrationError: Resource = {
  name: 'IntegrationError',
  schema: 'IntegrationError',
  table: 'IntegrationError',
  key: { json: 'id', column: 'IEid', kind: 'identity' },
  fields: [
    ...fieldsOf('int', { module_id: 'IEMSid', detail_id: 'IEDetailId', entity_id: 'IEEntityId' }),
    ...fieldsOf('string', {
      entity_type: 'IEEntityType',
      entity_name: 'IEEntityName',
      endpoint: 'IEEndpoint',
      error: 'IEError',
    }),
    ...fieldsOf('date', { date: 'IEDate' }),
  ],
  search: [],
  filters: { module_id: 'IEMSid', detail_id: 'IEDetailId' },
  readOnly: true,
};
