import { fieldsOf, type Resource } from './resource.ts';

/** Third-party clients and sites the administrator mapped to Halo's: IntegrationSiteMapping. */
export const integrationSiteMapping: Resource = {
  name: 'IntegrationSiteMapping',
  schema: 'IntegrationSiteMapping',
  table: 'IntegrationSiteMapping',
  key: { json: 'id', column: 'ISMid', kind: 'identity' },
  fields: [
    ...fieldsOf('int', {
      halo_id: 'ISMHaloId',
      module_id: 'ISMMSid',
      halo_client_id: 'ISMHaloClientId',
      seq: 'ismseq',
      details_id: 'ismdetailsid',
    }),
    ...fieldsOf('string', {
      third_party_id: 'ISMThirdPartyId',
      third_party_name: 'ISMThirdPartyName',
      third_party_client_id: 'ISMThirdPartyClientId',
      third_party_client_name: 'ISMThirdPartyClientName',
    }),
    ...fieldsOf('boolean', { userules: 'ismuserules' }),
    { json: 'halo_client_name', column: 'client.aareadesc', type: 'string', readOnly: true },
    { json: 'halo_site_name', column: 'site.sdesc', type: 'string', readOnly: true },
  ],
  parents: [
    { table: 'AREA', as: 'client', on: [['IntegrationSiteMapping.ISMHaloClientId', 'client.Aarea']] },
    { table: 'SITE', as: 'site', on: [['IntegrationSiteMapping.ISMHaloId', 'site.Ssitenum']] },
  ],
  search: [],
  filters: { msid: 'ISMMSid', third_party_client_id: 'ISMThirdPartyClientId' },
  readOnly: true,
};
