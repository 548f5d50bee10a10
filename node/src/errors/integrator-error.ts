import { systemReason } from './reason-of.ts';

/** What kind of trouble an error is; PowerShell's error category and the exit code follow from it. */
export type ErrorCategory = 'config' | 'auth' | 'permission' | 'throttled' | 'transient' | 'data' | 'bug' | 'cancelled';

/** Exit codes of the engine, as docs/errors.md lists them. */
export const ExitCode = {
  Done: 0,
  Unexpected: 1,
  Settings: 2,
  Unreachable: 3,
  AlreadyRunning: 4,
  DoneWithFailures: 5,
  TimeLimit: 6,
  Cancelled: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What is said of an error beside its message. */
export interface ErrorFacts {
  /** Also PowerShell's error id and the heading in docs/errors.md. */
  readonly code: string;
  readonly category: ErrorCategory;
  /** Whether doing the same again may help. */
  readonly retryable: boolean;
  /** What the user should do, one sentence. */
  readonly advice: string;
  readonly exitCode: ExitCode;
}

/** The form in which an error crosses the bridge and `--json`. */
export interface ErrorReport extends ErrorFacts {
  readonly message: string;
}

/** Base of every error this product raises on purpose: one subclass per cause. */
export abstract class IntegratorError extends Error implements ErrorFacts {
  abstract readonly code: string;
  abstract readonly category: ErrorCategory;
  abstract readonly retryable: boolean;
  abstract readonly advice: string;
  abstract readonly exitCode: ExitCode;

  constructor(message: string, options?: ErrorOptions) {
    super(asSentence(message), options);
  }

  override get name(): string {
    return this.code;
  }

  /** The facts of this error as plain data. */
  toReport(): ErrorReport {
    const { message, code, category, retryable, advice, exitCode } = this;
    return { message, code, category, retryable, advice, exitCode };
  }
}

/** A system's own error says of what it is, and why in an administrator's words. */
function unforeseen(error: unknown): string {
  const reason = systemReason(error);
  if (reason === undefined) return error instanceof Error ? error.message : String(error);
  const { path, address, port, hostname } = error as Readonly<Record<string, unknown>>;
  const where = path ?? hostname ?? (address === undefined ? undefined : `${String(address)}:${String(port)}`);
  return where === undefined ? `Something failed: ${reason}.` : `${String(where)}: ${reason}.`;
}

/** Any error as a report; one that nobody foresaw is a bug with exit code 1. */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof IntegratorError) return error.toReport();
  return {
    message: asSentence(unforeseen(error)),
    code: 'Unexpected',
    category: 'bug',
    retryable: false,
    advice: 'Look in the log for the whole error and report it.',
    exitCode: ExitCode.Unexpected,
  };
}

/** What was said, with a full stop where it has no end of its own: advice stands behind it. */
function asSentence(said: string): string {
  const text = said.trimEnd();
  return text === '' || /[.!?…:]["”’')\]]*$/.test(text) ? text : `${text}.`;
}
