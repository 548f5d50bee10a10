import { reasonToLook } from '../sync/reason-to-look.ts';

/** What an entity came to, with why a person should look at it, where there is a reason. */
export function withReason<T extends Parameters<typeof reasonToLook>[0]>(one: T): T & { readonly reason?: string } {
  const reason = reasonToLook(one);
  return { ...one, ...(reason && { reason }) };
}
