import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doorScript } from './door-script.ts';

/** A method of HaloDBIntegrator.Windows.Door in the module's library (module/src/Windows/Door.cs). */
export type DoorMethod = 'Unprotect' | 'WriteEvent' | 'ListTasks' | 'RegisterTask' | 'StartTask' | 'RemoveTask';

/** What of Windows only .NET can ask. */
export interface WindowsDoor {
  /** Rows of texts; rejects with what Windows said. */
  call(method: DoorMethod, words: readonly string[]): Promise<readonly (readonly string[])[]>;
  /** Why calls go through PowerShell, in a process of its own; undefined where they do not. */
  readonly detour: string | undefined;
  /**
   * From now on .NET is not loaded into this process where it is not there yet. While Windows closes a console, it waits in a
   * handler of the console's until this process has ended, and .NET would wait for that handler as it is loaded.
   */
  consoleCloses(): void;
}

type Call = WindowsDoor['call'];
type Method = (words: readonly string[]) => Promise<readonly (readonly string[])[]>;

/** What the door is made of; a test may give others. */
export interface DoorParts {
  /** Finds a method in this process. Throws where .NET cannot be loaded. */
  readonly inProcess: (assembly: string, method: DoorMethod) => Promise<Method>;
  /** Runs a program with a text on its stdin and answers its stdout; rejects where it cannot be started. */
  readonly run: (program: string, args: readonly string[], input: string) => Promise<string>;
}

/**
 * The way to .NET: in this process by edge-js, on the .NET Framework that every Windows has; where that cannot be loaded, through
 * Windows' own PowerShell. Nothing is loaded or started before the first call.
 */
export function windowsDoor(assembly: string, systemRoot: string, parts: DoorParts = ownParts): WindowsDoor {
  let detour: string | undefined;
  let loaded = false;
  const find = async (method: DoorMethod): Promise<Method> => {
    if (detour !== undefined) return throughPowerShell(method);
    try {
      const found = await parts.inProcess(assembly, method);
      loaded = true;
      return found;
    } catch (error) {
      detour = `edge-js did not load: ${error instanceof Error ? error.message : String(error)}`;
      return throughPowerShell(method);
    }
  };
  const throughPowerShell =
    (method: DoorMethod): Method =>
    async (words) => {
      const program = win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
      const script = Buffer.from(doorScript, 'utf16le').toString('base64');
      const args = ['-NoProfile', '-NonInteractive', '-EncodedCommand', script];
      return answerIn(await parts.run(program, args, asLine([assembly, method, ...words])));
    };
  const call: Call = async (method, words) => (await find(method))(words);
  return {
    call,
    get detour() {
      return detour;
    },
    consoleCloses() {
      if (!loaded) detour ??= 'the console is being closed.';
    },
  };
}

/** Texts as a line of the script. */
export function asLine(words: readonly string[]): string {
  return `${words.map((word) => Buffer.from(word).toString('base64')).join(' ')}\n`;
}

function answerIn(said: string): string[][] {
  const lines = said.split(/\r?\n/);
  const answers = lines
    .filter((line) => line !== '')
    .map((line) => line.split(' ').map((word) => Buffer.from(word, 'base64').toString()));
  const last = answers.pop();
  if (last?.[0] !== 'done') throw new Error(last?.[0] === 'refused' ? last[1] : 'PowerShell gave no answer.');
  return answers.map(([, ...texts]) => texts);
}

/**
 * The library that edge-js is to load in a program: undefined is its own, which takes functions from a file named node.exe. In a program
 * of another name Windows would look for such a file in the current folder and on PATH, and end the process with what it finds; for
 * HaloDBIntegrator.exe the package has one that takes them from there (scripts/windows/import-name.mjs).
 *
 * @param resolve gives the path of a file of a package; @throws where there is none for the program
 */
export function libraryFor(execPath: string, resolve: (name: string) => string): string | undefined {
  const program = win32.basename(execPath, '.exe');
  if (program.toLowerCase() === 'node') return undefined;
  const [major = ''] = process.versions.node.split('.');
  const folder = join(dirname(resolve('edge-js/package.json')), 'lib', 'native', 'win32', process.arch);
  const library = join(folder, major, `edge_nativeclr.${program}.node`);
  if (!existsSync(library)) throw new Error(`edge-js has no library for ${program}.exe.`);
  return library;
}

const ownParts: DoorParts = {
  async inProcess(assemblyFile, methodName) {
    // What edge-js would take from there is not to be chosen by the surroundings: another program, or a .NET of the current folder.
    for (const name of Object.keys(process.env)) if (/^EDGE_/i.test(name)) delete process.env[name];
    const library = libraryFor(process.execPath, (name) => fileURLToPath(import.meta.resolve(name)));
    if (library !== undefined) process.env['EDGE_NATIVE'] = library;
    const { default: edge } = await import('edge-js');
    const typeName = 'HaloDBIntegrator.Windows.Door';
    const method = edge.func({ assemblyFile, typeName, methodName });
    return (words) =>
      new Promise((resolve, reject) => {
        method(words, (error, rows) => (error ? reject(innermost(error)) : resolve(rows)));
      });
  },
  run: (program, args, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { windowsHide: true, stdio: ['pipe', 'pipe', 'ignore'] });
      const said: Buffer[] = [];
      child.on('error', reject);
      child.stdout.on('data', (part: Buffer) => said.push(part));
      child.on('close', () => resolve(Buffer.concat(said).toString('latin1')));
      // One that ended at once has said why.
      child.stdin.on('error', () => undefined);
      child.stdin.end(input);
    }),
};

/** What went wrong is inside of what .NET says about tasks and calls that failed. */
function innermost(error: Error & { readonly InnerException?: unknown }): Error {
  const inner = error.InnerException;
  if (inner instanceof Error) return innermost(inner);
  const { Message } = (inner ?? {}) as { readonly Message?: unknown };
  return typeof Message === 'string' ? new Error(Message) : error;
}
