import * as fs from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import engineFlags from './engine-flags.json' with { type: 'json' };
import type { Environment } from './environment.ts';
import { windowsDoor } from './windows/windows-door.ts';

/**
 * Node's own options for the engine: a small young generation keeps a large sync smaller, and hardly slower (bench/README.md);
 * on Windows it trusts what Windows trusts, so a domain's own authority, too.
 */
export function engineFlagsOn(platform: NodeJS.Platform): readonly string[] {
  return [...engineFlags.everywhere, ...(platform === 'win32' ? engineFlags.win32 : [])];
}

/** The real world: system clock, network, disk. `engineFolder` is where the engine's own appsettings.json lies. */
export function systemEnvironment(engineFolder: string): Environment {
  // The package for Windows has the engine and its Node as one program, too, which is what tasks are to start.
  const single = join(engineFolder, 'HaloDBIntegrator.exe');
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
    program: existsSync(single)
      ? [single]
      : [process.execPath, ...engineFlagsOn(process.platform), ...process.argv.slice(1, 2)],
    platform: process.platform,
    ...(process.platform === 'win32' && {
      windows: windowsDoor(
        join(engineFolder, 'module', 'bin', 'HaloDBIntegrator.dll'),
        process.env['SystemRoot'] ?? 'C:\\Windows',
      ),
    }),
    processId: process.pid,
    hostName: hostname(),
  };
}
