import { recordShape, type RecordOf } from '../../reading/record-shape.ts';
import type { DeclaredSource } from '../kit/sources/declared-source.ts';
import type { CursorPaging } from '../kit/sources/paging.ts';

/** Cursors are needed beyond the first 1000, and go from the first page on. */
const byCursor: CursorPaging = {
  style: 'cursor',
  parameter: 'cursor',
  next: 'pagination.nextCursor',
  total: 'pagination.totalItems',
  size: { parameter: 'limit', value: 1000 },
};

const siteShape = recordShape(
  { id: 'id', name: 'text', state: 'text', accountId: 'id', accountName: 'text' },
  { id: 'id', name: ['name'] },
);
/** Sites of all accounts the token sees; deleted ones say so. */
export const sites: DeclaredSource<RecordOf<typeof siteShape>> = {
  shape: siteShape,
  url: '/web/api/v2.1/sites',
  records: 'data.sites',
  paging: byCursor,
};

const agentShape = recordShape(
  {
    id: 'id',
    uuid: 'text',
    computerName: 'text',
    serialNumber: 'text',
    machineType: 'text',
    siteId: 'id',
    siteName: 'text',
    accountId: 'id',
    lastLoggedInUserName: 'text',
    isDecommissioned: 'boolean',
    isUninstalled: 'boolean',
    networkInterfaces: [{ inet: 'texts', physical: 'text' }],
  },
  { id: 'id', name: ['computerName', 'uuid'] },
);
/** Agents, with those that are out of use: the flags say which. */
export const agents: DeclaredSource<RecordOf<typeof agentShape>> = {
  shape: agentShape,
  url: '/web/api/v2.1/agents',
  query: { isDecommissioned: 'True,False', isUninstalled: 'True,False' },
  records: 'data',
  paging: byCursor,
};
