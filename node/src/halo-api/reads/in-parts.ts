/** Values named in one condition, well under SQL Server's 2,100 parameters. */
const valuesAtOnce = 500;

/** Values in parts that one condition may name. */
export function* inParts<T>(all: readonly T[], atOnce = valuesAtOnce): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += atOnce) yield all.slice(from, from + atOnce);
}
