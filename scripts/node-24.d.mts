/** Node's own options for the engine, on a platform as Node names it. */
export function engineFlagsOn(platform: string): readonly string[];
/** Those on this machine. */
export const engineFlags: readonly string[];
/** Path of the Node 24 program. */
export function node24(): string;
