import type { KnownSecrets } from '../secrets/known-secrets.ts';

/** What goes on now, where it may take a while, and for how many seconds it has. */
export interface Step {
  readonly step: string;
  readonly seconds: number;
}

/** Who watches a command. None of it is in the result. */
export interface Watcher {
  /** What a human must act on. */
  warned(message: string): void;
  /** Said when a step begins, and each second until it has ended. */
  step?(step: Step): void;
  /** What the engine does, line by line: those of the log and a few more. */
  told?(line: string): void;
}

/** The same watcher, who never hears a secret. */
export function discreet(watcher: Watcher | undefined, secrets: KnownSecrets): Watcher {
  return {
    warned: (message) => watcher?.warned(secrets.text(message)),
    step: ({ step, seconds }) => watcher?.step?.({ step: secrets.text(step), seconds }),
    ...(watcher?.told && { told: (line) => watcher.told?.(secrets.text(line)) }),
  };
}

/** Does the work, and tells of it at once and each second: a server that is not there keeps silent until the time is up. */
export async function during<T>({ step, told }: Watcher, what: string, work: () => Promise<T>): Promise<T> {
  let seconds = 0;
  told?.(what);
  step?.({ step: what, seconds });
  const timer = setInterval(() => step?.({ step: what, seconds: ++seconds }), 1000).unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
