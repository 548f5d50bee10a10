import type { Statement } from './select.ts';

/** Takes an application lock of the session without waiting. */
export function acquireLock(name: string): Statement {
  return {
    sql: `DECLARE @r int; EXEC @r = sp_getapplock @Resource = @p0, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0; SELECT @r AS [result]`,
    values: [name],
  };
}

/** Gives an application lock of the session back. */
export function releaseLock(name: string): Statement {
  return { sql: `EXEC sp_releaseapplock @Resource = @p0, @LockOwner = 'Session'`, values: [name] };
}
