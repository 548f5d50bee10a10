import * as fs from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './environment.ts';

/** A small young generation keeps a large sync a third smaller, and no slower (bench/README.md). */
const engineFlags = ['--no-warnings', '--max-semi-space-size=8'];

/** The real world: system clock, network, disk. `engineFolder` is where the engine's own appsettings.json lies. */
export function systemEnvironment(engineFolder: string): Environment {
  return {
    clock: {
      now: () => new Date(),
      sleep: async (milliseconds, signal) => {
        try {
          await delay(milliseconds, undefined, { signal });
        } catch (error) {
          throw signal?.aborted ? signal.reason : error;
        }
      },
    },
    fs,
    variables: process.env,
    workingFolder: process.cwd(),
    engineFolder,
    program: [process.execPath, ...engineFlags, ...process.argv.slice(1, 2)],
    platform: process.platform,
    processId: process.pid,
    hostName: hostname(),
  };
}
