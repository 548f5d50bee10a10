import { fieldsOf, type Resource } from './resource.ts';

/** Teams of agents: SECTIONDETAIL. */
export const team: Resource = {
  name: 'Team',
  schema: 'SectionDetail',
  table: 'SECTIONDETAIL',
  key: { json: 'id', column: 'SDid', kind: 'allocate' },
  fields: [
    ...fieldsOf('string', {
      name: 'SDSectionName',
      emailaddress: 'SDEmailAddress',
      main_email_address: 'sdmainemail',
      phone_number: 'sdphonenumber',
      alternative_name: 'sdalternativename',
      timezone: 'SDTimezone',
    }),
    ...fieldsOf('int', {
      sequence: 'SDtreeseq',
      department_id: 'sddepartmentid',
      mailbox_override: 'SDMailboxOverride',
    }),
    ...fieldsOf('boolean', {
      inactive: 'sdinactive',
      forrequests: 'SDforrequests',
      foropps: 'SDforopps',
      forprojects: 'SDforprojects',
      includeinloadbalance: 'sdincludeinloadbalance',
    }),
  ],
  search: ['SDSectionName'],
  inactive: { column: 'sdinactive', value: true, parameter: 'includedisabled' },
  filters: { department_id: 'sddepartmentid', ids: { column: 'SDid', kind: 'one of' } },
  lastUpdate: 'sdlast_modified',
  changeClock: { column: 'SDchangeseq', counter: 'sectiondetail' },
};
