import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

// The heap may double between two collections, not quadruple: a sync of any size stays within 250 MB, and is no slower.
setFlagsFromString('--heap-growing-percent=100');

// The second start of the bundle reads compiled code; where the folder cannot be written, Node goes on without.
enableCompileCache();
const { runCommandLine } = await import('./cli/command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
