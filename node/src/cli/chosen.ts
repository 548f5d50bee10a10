import type { Environment } from '../environment.ts';
import { ExitCode } from '../errors/integrator-error.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { runCommand, type CommandCall } from './run-command.ts';

/** Runs what a command line asks for, and answers the exit code. */
export type Run = (environment: Environment, secrets: KnownSecrets) => Promise<number>;

/**
 * What a command line asks for, thrown out of the parser: behind a command that it runs itself it lays out that command's help, which
 * takes a quarter of a start and is never shown.
 */
export class Chosen {
  readonly run: Run;

  constructor(run: Run) {
    this.run = run;
  }
}

/** Leaves the parser with a command. */
export function choose(one: CommandCall): never {
  throw new Chosen((environment, secrets) => runCommand(one, environment, secrets));
}

/** Leaves the parser with the bridge, which then speaks on stdin and stdout. */
export function chooseServing(): never {
  throw new Chosen(async (environment) => {
    const { serveHere } = await import('../bridge/serve-here.ts');
    await serveHere(environment);
    return ExitCode.Done;
  });
}
