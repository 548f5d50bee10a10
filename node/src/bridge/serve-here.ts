import type { Environment } from '../environment.ts';
import { leaveOutput, ownOutput } from './outlet.ts';
import { serve } from './serve.ts';

/** Speaks the bridge protocol on stdin and stdout until the client goes. */
export async function serveHere(environment: Environment): Promise<void> {
  // What a client that is still there does not read would keep the process for ever.
  if (!(await serve({ input: process.stdin, output: ownOutput(), environment }))) leaveOutput();
}
