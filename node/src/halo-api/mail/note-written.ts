import type { ActualTable } from '../../database/database.ts';
import type { ChangeClock } from '../writes/change-clock.ts';
import { actions } from '../resources/actions.ts';
import type { Resource } from '../resources/resource.ts';
import { tickets } from '../resources/tickets.ts';
import { users } from '../resources/users.ts';
import type { Place } from './handled-mail.ts';
import type { KnownSender } from './mail-rows.ts';

/** Tells the change clock which tickets, actions and users a batch of mail wrote. */
export function noteWritten(
  clock: ChangeClock,
  tables: ReadonlyMap<string, ActualTable>,
  created: ReadonlyMap<string, KnownSender>,
  places: readonly Place[],
): void {
  const rows: readonly (readonly [Resource, number[][]])[] = [
    [tickets, places.map(({ ticket }) => [ticket])],
    [actions, places.map(({ ticket, action }) => [ticket, action])],
    [users, [...created.values()].map(({ userId }) => [userId])],
  ];
  for (const [resource, keys] of rows) clock.wrote(resource, tables.get(resource.table) as ActualTable, keys);
}
