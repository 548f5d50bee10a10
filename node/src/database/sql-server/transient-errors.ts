import { errorChain } from './error-chain.ts';

/** Numbers after which the connection is still there. */
const contention = [
  1205, // deadlock victim
  1222, // lock request time out
  1204, 1221, // out of locks
  3960, 3957, 3966, 41301, 41302, 41305, 41325, 41839, // snapshot and in-memory conflicts
  8628, 8645, 8651, // no memory grant in time
  601, // a read that data moved under
  1807, // a file that somebody else has open
]; // prettier-ignore

/** Numbers of a server or database that is going down, coming up or moving, most of which end the connection. */
const away = [
  64, 121, 233, 10053, 10054, 10060, // the network
  596, 6005, 17142, 17187, 18401, // session killed, shutting down, paused, not ready, upgrading
  615, 617, 669, 921, 922, 927, 952, 3980, // the database is being opened, recovered or moved
  976, 978, 979, 982, 983, 1479, // an availability group that fails over
]; // prettier-ignore

/** Azure SQL's own list. */
const azure = [
  4221, 10922, 10928, 10929, 10936, 40143, 40166, 40197, 40501, 40540, 40613, 40648, 42108, 42109, 49918, 49919, 49920,
];

const numbers = new Set([...contention, ...away, ...azure]);
/** Of the driver: the connection is lost, was never made, or nothing came in time. */
const codes = new Set(['ESOCKET', 'ETIMEOUT', 'ECONNCLOSED', 'ENOTOPEN', 'ECONNRESET', 'EPIPE', 'EINVALIDSTATE']);
/** Servers that speak the same protocol number their errors otherwise, and the driver may wrap a socket's error, so words count too. */
const words =
  /\b(ECONNRESET|EPIPE|ETIMEDOUT|ECONNREFUSED)\b|deadlock|lock timeout|lock request time ?out|could not serialize|terminating connection|connection (is closed|lost|was killed)|the database system is (starting up|shutting down|in recovery)/i;
/** ODBC's states: connection failures, serialisation failures, timeouts. */
const states = /^(08\w{3}|40001|HYT0[01])$/i;

/** Whether a server's error number is one of those that pass. */
export function isTransientNumber(number: number | undefined): boolean {
  return number !== undefined && numbers.has(number);
}

/** Whether doing the whole transaction again may help. */
export function isTransient(error: unknown): boolean {
  for (const { number, code, state, message = '' } of errorChain(error)) {
    if (isTransientNumber(number) || codes.has(String(code)) || words.test(message)) return true;
    if (typeof state === 'string' && states.test(state)) return true;
  }
  return false;
}

/** Whether another writer took the number of a new row first: the primary key, not another unique index, refused it. */
export function isKeyTaken(error: unknown): boolean {
  for (const { number, message = '' } of errorChain(error)) {
    if (number === 2627 && message.includes('PRIMARY KEY')) return true;
    if (/duplicate key value violates unique constraint "\w*_pkey\w*"/.test(message)) return true;
  }
  return false;
}
