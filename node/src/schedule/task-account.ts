/** The account a task runs under. */
export interface TaskAccount {
  /** As the task's XML names it: a well-known SID, or DOMAIN\name. */
  readonly userId: string;
  /** As a person names it. */
  readonly name: string;
  readonly kind: 'service' | 'managed' | 'password';
}

const wellKnown: readonly (readonly [sid: string, name: string, spellings: RegExp])[] = [
  ['S-1-5-18', 'SYSTEM', /^(nt authority\\)?(local ?)?system$/i],
  ['S-1-5-19', 'LOCAL SERVICE', /^(nt authority\\)?local ?service$/i],
  ['S-1-5-20', 'NETWORK SERVICE', /^(nt authority\\)?network ?service$/i],
];

/**
 * The account meant: a built-in one, a group managed service account (its name ends in `$`; Windows keeps its password),
 * or one whose password must be given.
 */
export function taskAccount(name: string): TaskAccount {
  const given = name.trim();
  const known = wellKnown.find(([sid, , spellings]) => sid === given.toUpperCase() || spellings.test(given));
  if (known) return { userId: known[0], name: known[1], kind: 'service' };
  return { userId: given, name: given, kind: given.endsWith('$') ? 'managed' : 'password' };
}
