import type { HaloDatabaseSettings } from '../../config/settings.ts';
import type { Database, DatabaseSession } from '../../database/database.ts';
import type { KeyRange } from '../../database/fingerprint.ts';
import { comparedText } from '../values/compared-text.ts';
import type { HaloOutcome, HaloRecord, LinkScope } from '../halo-records.ts';
import { linkTableId } from '../inferred.ts';
import { KeySet } from '../values/key-set.ts';
import { linksOf } from '../links/link-scope.ts';
import { activeRows } from '../reads/list-filters.ts';
import type { Resource } from '../resources/resource.ts';

/** Links read at once. */
const linksAtOnce = 20_000;

interface KeptSeen {
  readonly linked: number;
  readonly size: number;
  readonly keys: ReturnType<KeySet['toJSON']>;
  readonly created?: ReturnType<KeySet['toJSON']>;
}

/** The records a read brought, by their Halo keys. */
export class SeenRecords {
  readonly #keys: KeySet;
  readonly #created: KeySet;
  #repeats = 0;
  #linked: number;
  #size: number;

  /** @param kept what `toText` gave, to go on where an earlier run was */
  constructor(kept?: string) {
    const {
      linked = 0,
      size = 0,
      keys = [],
      created = [],
    } = (kept === undefined ? {} : JSON.parse(kept)) as Partial<KeptSeen>;
    this.#keys = KeySet.from(keys);
    this.#created = KeySet.from(created);
    this.#linked = linked;
    this.#size = size;
  }

  /** How many different keys there are. */
  get size(): number {
    return this.#size;
  }

  /** Everything seen, as text to be kept from one run to the next. */
  toText(): string {
    const kept: KeptSeen = {
      linked: this.#linked,
      size: this.#size,
      keys: this.#keys.toJSON(),
      created: this.#created.toJSON(),
    };
    return JSON.stringify(kept);
  }

  /** How many different keys were written with a third-party id, and so are linked. */
  get linked(): number {
    return this.#linked;
  }

  /** How often one came that had come before: where pages are counted, another may have moved past them. */
  get repeats(): number {
    return this.#repeats;
  }

  /** Adds what came of a batch; records and outcomes are in the same order. What was only tried out is seen, but not linked. */
  add(records: readonly HaloRecord[], outcomes: readonly HaloOutcome[], whatIf = false): void {
    outcomes.forEach((outcome, place) => {
      if (!('id' in outcome)) return;
      // What would be created has a number that others may get as well.
      const known = this.#keys.has(outcome.id);
      if (known && !(whatIf && outcome.outcome === 'created')) this.#repeats++;
      if (known) return;
      this.#keys.add(outcome.id);
      if (outcome.outcome === 'created' && !whatIf) this.#created.add(outcome.id);
      this.#size++;
      if (!whatIf && records[place]?.third_party_id !== undefined) this.#linked++;
    });
  }

  /** Adds linked records by their keys. */
  addLinked(ranges: readonly KeyRange[]): void {
    for (const [from, to] of ranges) {
      for (let key = from; key <= to; key++) {
        if (this.#keys.has(key)) {
          this.#repeats++;
          continue;
        }
        this.#keys.add(key);
        this.#size++;
        this.#linked++;
      }
    }
  }

  has(key: number): boolean {
    return this.#keys.has(key);
  }

  /** Whether this read made it: what is new says nothing of how many of the others are missing. */
  isNew(key: number): boolean {
    return this.#created.has(key);
  }
}

/** Where missing records are looked for. */
interface MissingParts {
  readonly database: Database;
  readonly session: DatabaseSession;
  readonly settings: HaloDatabaseSettings;
}

/** The rows whose text in a column is one of these, in lower case. */
export interface RowsWithin {
  readonly column: string;
  readonly values: ReadonlySet<string>;
}

/**
 * Keys linked under the scope (ExternalLink) whose rows are still active and were not seen, and how many active ones there
 * were before this read. Read in parts, so that memory stays flat.
 */
export async function missingRecords(
  { database, session, settings }: MissingParts,
  resource: Resource,
  scope: LinkScope,
  seen: SeenRecords | undefined,
  within?: RowsWithin,
): Promise<{ readonly missing: readonly number[]; readonly total: number }> {
  const scoped = linksOf(linkTableId(resource.name, settings) ?? -1, scope);
  // Every one seen is linked: as many links as were seen leave none that was not, and they need not be looked through.
  const links = await database.count('ExternalLink', { all: scoped });
  if (links === (seen?.linked ?? 0)) return { missing: [], total: links };

  const { inactive } = resource;
  const key = `target.${resource.key.column}`;
  const missing: number[] = [];
  const counted = new KeySet();
  let total = 0;
  let last = 0;
  for (;;) {
    const rows = await session.read({
      from: 'ExternalLink',
      columns: [
        'ExternalLink.ELid',
        { column: key, as: 'key' },
        ...(within ? [{ column: `target.${within.column}`, as: 'part' }] : []),
      ],
      joins: [
        {
          kind: 'inner',
          table: resource.table,
          as: 'target',
          on: [['ExternalLink.ELHaloId', key]],
          ...(inactive && { where: activeRows(`target.${inactive.column}`, inactive.value) }),
        },
      ],
      where: { all: [...scoped, { column: 'ExternalLink.ELid', is: 'greater', value: last }] },
      orderBy: [{ column: 'ExternalLink.ELid' }],
      limit: linksAtOnce,
    });
    for (const row of rows) {
      const linked = Number(row['key']);
      last = Number(row['ELid']);
      if (within && !within.values.has(comparedText(row['part']))) continue;
      if (counted.has(linked)) continue;
      counted.add(linked);
      if (!seen?.has(linked)) missing.push(linked);
      if (!seen?.isNew(linked)) total++;
    }
    if (rows.length < linksAtOnce) return { missing, total };
  }
}
