import { ExitCode, IntegratorError } from './integrator-error.ts';

/** A command was asked for in a way it does not know. */
export class UsageError extends IntegratorError {
  readonly code = 'Usage';
  readonly category = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(message: string, advice = 'Run halo-db-integrator --help for the commands and their options.') {
    super(message);
    this.advice = advice;
  }
}

/** A line on the bridge that breaks its protocol. */
export class BridgeProtocolError extends IntegratorError {
  readonly code = 'BridgeProtocol';
  readonly category = 'bug';
  readonly retryable = false;
  readonly advice =
    'Send messages as docs/bridge-protocol.md describes; module and engine must be of the same release.';
  readonly exitCode = ExitCode.Settings;
}
