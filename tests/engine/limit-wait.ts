/** Whether a wait is that for a run's time limit; no other one is so long in these tests. */
export function isLimit(milliseconds: number): boolean {
  return milliseconds > 60_000;
}

/** Waits until it is called off: these tests come to the limit by the clock, not by waiting for it. */
export async function untilAborted(signal?: AbortSignal): Promise<void> {
  if (!signal?.aborted) await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
  throw signal?.reason;
}
