import type { ActualTable } from '../../database/database.ts';

/** Says once of each column that this Halo has not what follows from it. */
export class MissingColumns {
  readonly #warn: (message: string) => void;
  readonly #told = new Set<string>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  /** Those of the columns that are there; of the others it is said that they are not written. */
  toWrite(table: ActualTable, columns: readonly string[]): string[] {
    return columns.filter((column) => {
      const there = table.columns.has(column);
      if (!there) this.tell(table.name, column, 'it is not written');
      return there;
    });
  }

  /** `consequence` is said the first time only. */
  tell(table: string, column: string, consequence: string): void {
    const name = `${table}.${column}`;
    if (this.#told.has(name)) return;
    this.#told.add(name);
    this.#warn(`This Halo has no column ${name}: ${consequence}.`);
  }
}
