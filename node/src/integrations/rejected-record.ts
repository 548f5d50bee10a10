/** A record that was left out, with its name and why. */
export interface RejectedRecord {
  readonly record: string;
  readonly reason: string;
}
