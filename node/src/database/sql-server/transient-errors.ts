const numbers = new Set([
  1205, 1222, 3960, 4221, 10053, 10054, 10060, 10928, 10929, 40143, 40197, 40501, 40540, 40613, 49918, 49919, 49920,
]);
const codes = new Set(['ESOCKET', 'ETIMEOUT', 'ECONNCLOSED', 'ENOTOPEN', 'ECONNRESET']);

/** Whether doing the whole transaction again may help. Compatible servers number their errors otherwise, so the words count too. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { number, code } = error as { number?: number; code?: string };
  if ((number !== undefined && numbers.has(number)) || (code !== undefined && codes.has(code))) return true;
  return /deadlock|lock timeout|lock request time out|could not serialize/i.test(error.message);
}

/** Whether the connection itself is gone, and with it its locks and session tables. */
export function isConnectionLost(error: unknown): boolean {
  const code = error instanceof Error ? (error as { code?: string }).code : undefined;
  return code === 'ESOCKET' || code === 'ECONNCLOSED' || code === 'ENOTOPEN' || code === 'ECONNRESET';
}

/** Whether another writer took the number of a new row first. */
export function isKeyTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { number } = error as { number?: number };
  return number === 2627 || number === 2601 || /duplicate key/i.test(error.message);
}
