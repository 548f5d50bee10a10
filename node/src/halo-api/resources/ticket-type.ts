import { fieldsOf, type Resource } from './resource.ts';

/** Ticket types and the values their tickets start with: REQUESTTYPE. Category 1 of the API is the column of category 2. */
export const ticketType: Resource = {
  name: 'TicketType',
  schema: 'RequestType',
  table: 'REQUESTTYPE',
  key: { json: 'id', column: 'RTid', kind: 'allocate' },
  fields: [
    ...fieldsOf('string', {
      name: 'rtdesc',
      default_team: 'RTDefSection',
      default_category_1: 'RTDefCat2',
      default_category_2: 'RTDefCat3',
      default_category_3: 'RTDefCat4',
      default_category_4: 'RTDefCat5',
      default_summary: 'RTDefaultSubject',
      email_start_tag_override: 'rtGID',
      email_end_tag_override: 'rtGIDEND',
    }),
    ...fieldsOf('int', {
      sequence: 'RTSortseq',
      group_id: 'rtgroupid',
      itilrequesttype: 'RTRequestType',
      initial_status: 'RTDefInitialStatus',
      default_sla: 'RTSLAid',
      default_priority: 'RTDefSeriousness',
      default_agent: 'RTDefTech',
      statusafteruserupdate: 'RTStatusAfterUserUpdate',
      reopenedstatus: 'RTreopenedstatus',
      closedrequestswithupdates: 'RTClosedRequestsWithUpdates',
      from_mailbox_id: 'RTMailboxid',
      workflow_id: 'RTWorkFlowID',
    }),
    ...fieldsOf('boolean', {
      visible: 'RTVisible',
      agentscanselect: 'rtagentscanselect',
      enduserscanselect: 'RTEndUsersCanSelect',
      default_excludefromsla: 'RTexcludefromSLA',
      allowattachments: 'rtallowattachments',
    }),
  ],
  search: ['rtdesc'],
  filters: {
    group_id: 'rtgroupid',
    itil_type: 'RTRequestType',
    canagentsselect: { column: 'rtagentscanselect', kind: 'switch' },
    canusercreate: { column: 'RTEndUsersCanSelect', kind: 'switch' },
  },
  changeClock: { column: 'RTchangeseq', counter: 'requesttype' },
};
