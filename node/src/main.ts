import { enableCompileCache } from 'node:module';

// The second start of the bundle reads compiled code; where the folder cannot be written, Node goes on without.
enableCompileCache();
const { runCommandLine } = await import('./cli/command-line.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
