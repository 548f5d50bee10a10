import { fieldsOf, type Resource } from './resource.ts';

/** Agents: UNAME. Read only here, since an agent carries licences and rights that Halo's web app decides on. */
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
    ...fieldsOf('boolean', { isdisabled: 'Uisdisabled' }),
  ],
  search: ['uname'],
  inactive: { column: 'Uisdisabled', value: true },
  filters: {},
  readOnly: true,
};
