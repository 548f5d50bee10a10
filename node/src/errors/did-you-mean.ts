import { closest, distance } from 'fastest-levenshtein';

/**
 * The known name that was most likely meant, in any case: one that begins with what was written or holds it, as short forms do,
 * else one that differs in few letters; undefined where none is near.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const written = name.trim().toLowerCase();
  if (written === '' || known.length === 0) return undefined;
  const fits = (test: (one: string) => boolean): string | undefined => known.find((one) => test(one.toLowerCase()));
  const short = written.length >= 3;
  const near = closest(
    written,
    known.map((one) => one.toLowerCase()),
  );
  const letters = distance(written, near);
  return (
    fits((one) => one === written) ??
    (letters === 1 ? fits((one) => one === near) : undefined) ??
    (short ? fits((one) => one.startsWith(written)) : undefined) ??
    // A plural, or another ending of the same word: "Subs" is no beginning of "subscription", and of "Subscriptions" it is.
    (short ? fits((one) => one.startsWith(written.replace(/s$/, ''))) : undefined) ??
    (short ? fits((one) => one.includes(written) || written.includes(one)) : undefined) ??
    (letters <= Math.ceil(written.length / 3) ? fits((one) => one === near) : undefined)
  );
}

/** Known names that are listed beside the one that is near; more of them would hide it. */
const mostListed = 20;

/** `Did you mean …?` where a known name is near, and the known names, unless there are many and one is near. */
export function didYouMean(name: string, known: readonly string[], lead = 'Known are'): string {
  const near = nearestName(name, known);
  const list = `${lead}: ${known.join(', ')}.`;
  if (near === undefined) return list;
  return `Did you mean "${near}"?${known.length > mostListed ? '' : ` ${list}`}`;
}
