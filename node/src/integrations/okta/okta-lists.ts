import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';
import type { LinkPaging } from '../kit/sources/paging.ts';

/** Only the Link header says that there is more. */
const byLink: LinkPaging = { style: 'link', size: { parameter: 'limit', value: 200 } };

const userShape = recordShape(
  {
    id: 'text',
    status: 'text',
    profile: {
      login: 'text',
      email: 'text',
      firstName: 'text',
      lastName: 'text',
      displayName: 'text',
      title: 'text',
      primaryPhone: 'text',
      mobilePhone: 'text',
    },
  },
  { id: 'id' },
);
/** A user; profiles may have further properties, which mappings may go by. */
export type OktaUser = RecordOf<typeof userShape>;
/** All users but those who are deprovisioned, whom Okta lists only where they are asked for. */
export const users: DeclaredSource<OktaUser> = { shape: userShape, url: '/users', paging: byLink };

const groupShape = recordShape({ id: 'text', profile: { name: 'text' } }, { id: 'id' });
/** Groups whose names begin so. */
export function groupsNamed(name: string): DeclaredSource<RecordOf<typeof groupShape>> {
  return { shape: groupShape, url: '/groups', query: { q: name }, paging: byLink };
}

/** A user by the id alone. */
const memberShape = recordShape({ id: 'text' }, { id: 'id' });
/** The users of a group, or those who are assigned to an application. */
export function membersOf(kind: 'groups' | 'apps', id: string): DeclaredSource<RecordOf<typeof memberShape>> {
  return { shape: memberShape, url: `/${kind}/${encodeURIComponent(id)}/users`, paging: byLink };
}
