/** A record that is rejected as things stand. */
export interface KeptRejection {
  /** What it is called in words: its name and id, else where it stands in what was read. */
  readonly record: string;
  readonly name?: string;
  /** The vendor's id. */
  readonly id?: string;
  readonly reason: string;
  /** When it was rejected first without a break, and last, as ISO 8601 in UTC. */
  readonly since: string;
  readonly last: string;
  /** The run that rejected it last, and how many runs did. */
  readonly run: string;
  readonly runs: number;
}

/** The list of one entity of a connection, a file in the instance's state folder. */
export interface KeptRejections {
  readonly integration: string;
  /** Name of the connection. */
  readonly connection: string;
  readonly entity: string;
  /** When a read began that has not come to its end. */
  readonly began?: string;
  /** Records that were rejected beside those named. */
  readonly left: number;
  readonly rejections: readonly KeptRejection[];
}

const ending = '.rejections';

/** Name of an entity's file. */
export function rejectionsFile(name: string): string {
  return `${name}${ending}`;
}

/** Whether a file of the state folder is such a list. */
export function isRejectionsFile(name: string): boolean {
  return name.endsWith(ending);
}

/** Whether what was read is a list as this release keeps it. */
export function isKeptList(kept: unknown): kept is KeptRejections {
  const { integration, entity, left, rejections } = (kept ?? {}) as Partial<KeptRejections>;
  return (
    [integration, entity].every((one) => typeof one === 'string') &&
    Number.isInteger(left) &&
    Array.isArray(rejections) &&
    rejections.every(isKeptRejection)
  );
}

function isKeptRejection(one: Partial<KeptRejection> | null): boolean {
  const { record, reason, since, last, run, runs } = one ?? {};
  return [record, reason, since, last, run].every((text) => typeof text === 'string') && Number.isInteger(runs);
}
