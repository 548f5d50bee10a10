import type * as fs from 'node:fs/promises';
import type { WindowsDoor } from './windows/windows-door.ts';

/** What the engine needs of the world, passed in so that nothing reaches for a global. */
export interface Environment {
  readonly clock: Clock;
  readonly fs: typeof fs;
  /** Environment variables (read only for `{"Environment": "NAME"}` secrets and proxies). */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The folder relative paths on the command line are relative to. */
  readonly workingFolder: string;
  /** The folder of the engine's own appsettings.json, used when no path is given. */
  readonly engineFolder: string;
  /** How this engine is started: Node, its options and the engine's file. A scheduled task starts it the same way. */
  readonly program: readonly string[];
  readonly platform: NodeJS.Platform;
  /** What of Windows only .NET can ask; there on Windows alone. */
  readonly windows?: WindowsDoor;
  readonly processId: number;
  readonly hostName: string;
}

/** Time, so that tests need not wait for it. */
export interface Clock {
  now(): Date;
  /** Resolves after so many milliseconds; rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
