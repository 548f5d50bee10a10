/** A table for a person's eyes. */
export async function table(head: string[], rows: (string | number)[][]): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const made = new Table({ head, style: { head: [], border: [] }, wordWrap: true });
  made.push(...rows);
  return `${made.toString()}\n`;
}
