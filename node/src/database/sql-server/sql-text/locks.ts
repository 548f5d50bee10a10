import type { Statement } from './select.ts';

/** What sp_getapplock answers where it gives no lock. */
const [timedOut, victim, refused] = [-1, -3, -999];

/** Takes an application lock of the session, and waits so many milliseconds for it. */
export function acquireLock(name: string, wait: number): Statement {
  return {
    sql: `DECLARE @r int; EXEC @r = sp_getapplock @Resource = @p0, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = ${wait}; SELECT @r AS [result]`,
    values: [name],
  };
}

/**
 * Whether what sp_getapplock answered is the lock. Throws where that says nothing of who has it: a deadlock, which may be tried again
 * like any other, and a call the server did not take.
 */
export function isLockGiven(result: unknown): boolean {
  const answer = Number(result ?? refused);
  if (answer === victim)
    throw Object.assign(new Error('The request for an application lock was a deadlock victim.'), { number: 1205 });
  if (answer !== timedOut && answer < 0) throw new Error(`sp_getapplock answered ${answer}.`);
  return answer >= 0;
}

/** Gives an application lock of the session back. */
export function releaseLock(name: string): Statement {
  return { sql: `EXEC sp_releaseapplock @Resource = @p0, @LockOwner = 'Session'`, values: [name] };
}
