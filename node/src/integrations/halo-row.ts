/** Whether a switch of a Halo row is on; bits come as booleans or numbers. */
export function isOn(value: unknown): boolean {
  return value === true || Number(value ?? 0) === 1;
}

/** An id of a Halo row; 0 and less mean none. */
export function idIn(value: unknown): number | undefined {
  const id = Number(value ?? 0);
  return Number.isInteger(id) && id > 0 ? id : undefined;
}

/** A text of a Halo row; empty means none. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
