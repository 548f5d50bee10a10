import { fieldsOf, type Resource } from './resource.ts';

/** Files: ATTACHMENT, with the action they hang on (ATTACHMENTACTION). The content is not among the fields of a listing. */
export const attachment: Resource = {
  name: 'Attachment',
  schema: 'Attachment',
  table: 'ATTACHMENT',
  key: { json: 'id', column: 'ATid', kind: 'allocate' },
  listKey: 'attachments',
  fields: [
    ...fieldsOf('string', {
      filename: 'ATFilename',
      note: 'ATNote',
      desc: 'ATDesc',
      content_type: 'ATContentType',
      third_party_id: 'ATThirdPartyId',
      link: 'atlink',
    }),
    ...fieldsOf('int', {
      filesize: 'atfilesize',
      type: 'atType',
      unique_id: 'atUniqueID',
      agent_id: 'aaunum',
      user_id: 'aauserid',
    }),
    ...fieldsOf('boolean', { isimage: 'atisimage', showforusers: 'ATshowforusers' }),
    { json: 'datecreated', column: 'ATDateCreated', type: 'date', readOnly: true },
    { json: 'ticket_id', column: 'link.AAfaultid', type: 'int', readOnly: true },
    { json: 'action_id', column: 'link.AAActionNumber', type: 'int', readOnly: true },
  ],
  parents: [{ table: 'ATTACHMENTACTION', as: 'link', on: [['ATTACHMENT.ATid', 'link.AAATID']], several: 'pk' }],
  search: ['ATFilename'],
  filters: {
    type: 'atType',
    unique_id: 'atUniqueID',
    ticket_id: 'link.AAfaultid',
    action_id: 'link.AAActionNumber',
  },
  created: 'ATDateCreated',
  lastUpdate: 'atlastupdated',
};
