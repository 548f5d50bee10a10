import { fieldsOf, type Resource } from './resource.ts';

/** Asset types: XTYPE. Read only here: a type decides fields and views that Halo's web app sets up. */
export const assetType: Resource = {
  name: 'AssetType',
  schema: 'Xtype',
  table: 'XTYPE',
  key: { json: 'id', column: 'TTypenum', kind: 'allocate' },
  fields: [
    ...fieldsOf('string', { name: 'tdesc', memo: 'Tmemo', tagprefix: 'TTagPrefix', item_code: 'TItemCode' }),
    ...fieldsOf('int', {
      assetgroup_id: 'Tgeneric',
      keyfield_id: 'Tlabelseqnos',
      keyfield2_id: 'tlabelseqnos2',
      keyfield3_id: 'tlabelseqnos3',
      defaultsequence: 'TDefaultSequence',
    }),
    ...fieldsOf('boolean', { show_to_users: 'TShowToUsers' }),
    { json: 'assetgroup_name', column: 'assetgroup.gdesc', type: 'string', readOnly: true },
  ],
  parents: [{ table: 'GENERIC', as: 'assetgroup', on: [['XTYPE.Tgeneric', 'assetgroup.Ggeneric']] }],
  search: ['tdesc'],
  filters: { assetgroup_id: 'Tgeneric' },
  readOnly: true,
};
