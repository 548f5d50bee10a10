/** One check of `Test-HaloDbConfig`. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
  /** What to do; empty when it passed. */
  readonly fix: string;
}
