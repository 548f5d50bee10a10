import type { Condition } from '../../database/query.ts';
import type { LinkScope } from '../halo-records.ts';

/**
 * The ExternalLink rows of one kind of record under a connection.
 *
 * @param tableId ELTableId of the kind
 * @param prefix alias of the table with its dot, where it is joined
 */
export function linksOf(tableId: number, scope: LinkScope, prefix = ''): Condition[] {
  return [
    { column: `${prefix}ELTableId`, is: 'equal', value: tableId },
    { column: `${prefix}ELModuleId`, is: 'equal', value: scope.module_id },
    { column: `${prefix}ELDetailsId`, is: 'equal', value: scope.details_id },
  ];
}
