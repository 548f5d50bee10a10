import { fieldsOf, type Resource } from './resource.ts';

/** Links between Halo's ids and third parties': ExternalLink. Written with the records they belong to. */
export const externalLink: Resource = {
  name: 'ExternalLink',
  schema: 'ExternalLink_List',
  table: 'ExternalLink',
  key: { json: 'id', column: 'ELid', kind: 'identity' },
  listKey: 'links',
  fields: [
    ...fieldsOf('int', {
      table_id: 'ELTableId',
      module_id: 'ELModuleId',
      halo_id: 'ELHaloId',
      details_id: 'ELDetailsId',
    }),
    ...fieldsOf('string', {
      third_party_id: 'ELThirdPartyId',
      third_party_desc: 'ELThirdPartyDesc',
      third_party_type: 'ELThirdPartyType',
      third_party_url: 'ELThirdPartyUrl',
      third_party_status: 'ELThirdPartyStatus',
      third_party_secondary_id: 'elthirdpartyadditionalid',
    }),
    ...fieldsOf('boolean', { primary: 'ELIsPrimary' }),
    ...fieldsOf('date', { date_created: 'ELdatecreated', date_updated: 'ELdateupdated' }),
  ],
  search: ['ELThirdPartyId', 'ELThirdPartyDesc'],
  filters: {
    table_id: 'ELTableId',
    module_id: 'ELModuleId',
    halo_id: 'ELHaloId',
    details_id: 'ELDetailsId',
    third_party_id: 'ELThirdPartyId',
    third_party_desc: 'ELThirdPartyDesc',
    third_party_type: 'ELThirdPartyType',
    third_party_secondary_id: 'elthirdpartyadditionalid',
  },
  readOnly: true,
};
