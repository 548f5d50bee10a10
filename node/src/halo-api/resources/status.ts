import { fieldsOf, type Resource } from './resource.ts';

/** Ticket statuses: TSTATUS. */
export const status: Resource = {
  name: 'Status',
  schema: 'TStatus',
  table: 'TSTATUS',
  key: { json: 'id', column: 'Tstatus', kind: 'allocate' },
  fields: [
    ...fieldsOf('string', { name: 'tstatusdesc', shortname: 'tshortname', colour: 'tcolourhex' }),
    ...fieldsOf('int', { type: 'TstatusType', sequence: 'TstatusSeq', statuschangeto: 'tstatuschangeto' }),
    ...fieldsOf('boolean', { showonquickchange: 'tShowOnQuickChange', includeinloadbalance: 'TincludeInLoadBalance' }),
  ],
  search: ['tstatusdesc'],
  filters: { type: 'TstatusType' },
  changeClock: { column: 'Tchangeseq', counter: 'tstatus' },
};
