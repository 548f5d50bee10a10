import { fieldsOf, type Resource } from './resource.ts';

/** Agents: UNAME. Changed here and never made, since a new agent takes a licence and rights that Halo's web app decides on. */
export const agent: Resource = {
  name: 'Agent',
  schema: 'Uname',
  table: 'UNAME',
  key: { json: 'id', column: 'Unum', kind: 'allocate' },
  fields: [
    ...fieldsOf('string', {
      name: 'uname',
      firstname: 'ufirstname',
      surname: 'ulastname',
      email: 'usmtp',
      team: 'usection',
    }),
    ...fieldsOf('int', { adconnection: 'uadconnection' }),
    { json: 'uactguid', column: 'uActGUID', type: 'string', unpublished: true },
    ...fieldsOf('boolean', { isdisabled: 'Uisdisabled' }),
  ],
  search: ['uname'],
  inactive: { column: 'Uisdisabled', value: true, parameter: 'includedisabled' },
  filters: { team: 'usection' },
  lastUpdate: 'ulast_modified',
  changeClock: { column: 'UNchangeseq', counter: 'uname' },
  neverCreated: true,
};
