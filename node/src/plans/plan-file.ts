import type { ChangeLine } from '../changes/change-file.ts';
import type { KeptMaking } from '../halo-api/changes/changes.ts';

/** The layout's version; an older engine refuses a newer one. */
export const planVersion = 1;

/** An entity of a connection. */
export interface PlannedPart {
  readonly integration: string;
  readonly connection: string;
  readonly entity: string;
}

/** The first line of a plan. */
export interface PlanHead {
  readonly plan: number;
  /** Version of the engine that made it. */
  readonly engine: string;
  /** Id of the run that looked. */
  readonly run: string;
  readonly at: string;
  /** Full path of the instance's folder. */
  readonly instance: string;
  /** Server and name of Halo's database. */
  readonly database: string;
  readonly entities: readonly PlannedPart[];
}

/** The line before the changes that go in one transaction. */
export interface PlanBatchLine extends PlannedPart {
  readonly batch: number;
  /** Id of the connection's row in Halo. */
  readonly connectionId: number;
}

/** A change that is planned. */
export interface PlanLine extends ChangeLine {
  readonly making?: KeptMaking;
  /** A value of it is not in the plan: it has a secret in it, or is a file's bytes. */
  readonly withheld?: true;
}

/** The last line of a plan that came to its end. */
export interface PlanEndLine {
  /** Changes in all. */
  readonly end: number;
  /** SHA-256 of all that is before this line. */
  readonly sum: string;
}

export type AnyPlanLine = PlanHead | PlanBatchLine | PlanLine | PlanEndLine;
