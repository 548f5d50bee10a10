/** Text of at most so many UTF-16 units; a pair is not torn apart, and characters no text column takes are dropped. */
export function cut(value: string, length: number | undefined): string {
  const clean = value.includes('\0') ? value.replaceAll('\0', '') : value;
  const whole = clean.isWellFormed() ? clean : clean.toWellFormed();
  if (length === undefined || whole.length <= length) return whole;
  const end = /[\uD800-\uDBFF]/.test(whole.charAt(length - 1)) ? length - 1 : length;
  return whole.slice(0, end);
}
