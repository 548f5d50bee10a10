import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// The heap may double between two collections, not quadruple: a sync of any size stays within 250 MB, and is no slower.
setFlagsFromString('--heap-growing-percent=100');

// The second start of the bundle reads compiled code. Node runs what it finds there, so the folder is the engine's own, which who
// may not change the engine may not fill either, and never the temporary one; where it cannot be written, Node goes on without.
enableCompileCache(join(import.meta.dirname, '..', 'compile-cache'));
// Settings, state, logs, reports and the embedded database are the account's own, whatever its shell would give others.
process.umask(0o077);
const { runCommandLine } = await import('./cli/command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
