/** Node's own options for the engine. */
export const engineFlags: readonly string[];
/** Path of the Node 24 program. */
export function node24(): string;
