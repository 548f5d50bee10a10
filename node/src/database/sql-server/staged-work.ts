/**
 * What is to be done: [key, action, link action, link row] by place; 1 is insert, 2 is update. The key of a row to be inserted is its
 * place among those, from one on.
 */
export interface Work {
  readonly inserts: number[];
  readonly rows: Map<number, [key: number, action: number, linkAction: number, linkRow: number | null]>;
}
