import type { Transaction } from '../../database/database.ts';
import { applyRows } from '../apply/apply-rows.ts';
import { refusal } from '../apply/planned-row.ts';
import { writeAssets } from '../assets/write-assets.ts';
import { ChangeClock } from './change-clock.ts';
import { because } from '../changes/changes.ts';
import type { FollowUp } from '../follow-ups.ts';
import type { HaloOutcome, HaloRecord, HaloSession, HaloUpsertOptions, HeldRecords, LinkScope } from '../halo-api.ts';
import { createHaloReads, type HaloReadsParts } from '../reads/halo-reads.ts';
import { fingerprintOf, heldRecords, isCertain, isLinkedTwice, type HeldParts } from './held-records.ts';
import { inHalves, writeOrQuarantine } from './quarantine.ts';
import type { Resource } from '../resources/resource.ts';
import type { SessionParts } from '../session-parts.ts';
import { keepRows } from '../settings-rows.ts';
import { writeWithAddresses } from './write-addresses.ts';
import { undoRows } from '../changes/undo-rows.ts';
import { writeNumbered } from './write-numbered.ts';
import type { WriteParts } from './write-parts.ts';

/** A follow-up, and what came of its records. */
interface Followed {
  readonly one: FollowUp;
  readonly outcomes: readonly HaloOutcome[];
}

/** Records that a transaction has just written. */
interface Written {
  readonly records: readonly HaloRecord[];
  readonly outcomes: readonly HaloOutcome[];
  readonly options: HaloUpsertOptions;
}

/** Sets of records, written with all that belongs to them in one transaction. */
export function createBulkUpsert(own: SessionParts): Pick<HaloSession, 'upsert' | 'stillHolds' | 'undo' | 'apply'> {
  const { session, parts, find, missing, tableOf, besides } = own;
  const linkedTwice = new Map<string, Promise<boolean>>();

  const heldParts = async (resource: Resource, scope: LinkScope): Promise<HeldParts> => ({
    ...own.traces(),
    resource,
    scope,
    table: await tableOf(resource.table),
    links: await tableOf('ExternalLink'),
    ...besides,
    missingColumn: (field) => own.missingColumn(resource.table, field),
  });

  /** Whether a third-party id has two links, of which a fingerprint of rows would see but one. */
  function hasLinkedTwice(resource: Resource, scope: LinkScope): Promise<boolean> {
    const known = linkedTwice.get(resource.name);
    if (known) return known;
    const asked = isLinkedTwice(parts.database, resource, scope, parts.settings);
    linkedTwice.set(resource.name, asked);
    return asked;
  }

  /** How Halo holds what a transaction has just written; asked inside it, so that nobody else has changed a row written. */
  async function heldNow(
    transaction: Transaction,
    resource: Resource,
    { records, outcomes, options }: Written,
  ): Promise<HeldRecords | undefined> {
    const held = heldRecords(resource, records, outcomes, options);
    const request = held && options.scope && fingerprintOf(held, await heldParts(resource, options.scope));
    if (!request) return undefined;
    const fingerprint = await transaction.fingerprint(request);
    const certain = isCertain(outcomes, fingerprint, options.fingerprintBefore, transaction.alone);
    return { ...held, fingerprint, certain };
  }

  /** Writes records of a resource inside a transaction, in the way it takes. */
  async function writeIn(
    transaction: Transaction,
    resource: Resource,
    records: readonly HaloRecord[],
    options: HaloUpsertOptions,
    clock: ChangeClock,
  ): Promise<HaloOutcome[]> {
    const reserved = await own.reservedOf(resource, transaction);
    const writing: WriteParts = {
      ...own.traces(),
      clock,
      resource,
      table: await tableOf(resource.table),
      options,
      ...(reserved && { reserved }),
      ...besides,
      missingColumn: (field) => own.missingColumn(resource.table, field),
    };
    const { within } = resource.key;
    if (within) return writeNumbered(transaction, records, writing, within);
    if (resource.assetParts) return writeAssets(transaction, records, writing, resource.assetParts);
    return writeWithAddresses(transaction, records, writing);
  }

  /** Writes what hangs on records that were just written, in their transaction. */
  async function followUp(
    transaction: Transaction,
    { records, outcomes, options: { followUps, scope, whatIf } }: Written,
    clock: ChangeClock,
  ): Promise<readonly Followed[]> {
    if (!followUps) return [];
    const describe: HaloReadsParts['describe'] = (tables) => parts.database.describe(tables);
    const halo = createHaloReads({ ...parts, reader: transaction, describe, actual: own.actual, find });
    const followed: Followed[] = [];
    for (const one of await followUps.of(records, outcomes, halo)) {
      const { resource: name, records: more, ...found } = one;
      const resource = own.findWritable(name);
      const options = { ...found, ...(scope && { scope }), ...(whatIf !== undefined && { whatIf }) };
      const came = more.length === 0 ? [] : await writeIn(transaction, resource, more, options, clock);
      followed.push({ one, outcomes: came });
    }
    return followed;
  }

  return {
    undo: (rows, { whatIf }) =>
      because('undo', session, () =>
        session.transaction((transaction) => undoRows(transaction, rows, own, writeIn, whatIf)),
      ),
    apply: (rows, numbers) =>
      inHalves(
        rows,
        async (some) => {
          const cause = some.every((row) => row.cause === 'missing') ? 'missing' : 'record';
          const applied = await because(cause, session, () =>
            session.transaction((transaction) => applyRows(transaction, some, own, writeIn, numbers)),
          );
          numbers.committed();
          return applied;
        },
        refusal,
      ),
    async upsert(name, records, options = {}) {
      const resource = own.findWritable(name);
      if (records.length === 0) return [];
      const mark = options.whatIf ? undefined : options.mark;
      if (options.scope) await tableOf('ExternalLink');
      let held: HeldRecords | undefined;
      let followed: readonly Followed[] = [];
      const inOne = (some: readonly HaloRecord[]): Promise<readonly HaloOutcome[]> =>
        session.transaction(async (transaction) => {
          const clock = new ChangeClock(parts.settings);
          const outcomes = await writeIn(transaction, resource, some, options, clock);
          const written: Written = { records: some, outcomes, options };
          followed = await followUp(transaction, written, clock);
          // A part of the records is no set to be marked as whole.
          if (mark && some === records) await keepRows(transaction, mark.rows(outcomes), tableOf, missing);
          if (options.held && some === records) held = await heldNow(transaction, resource, written);
          await clock.strike(transaction);
          return outcomes;
        });
      const outcomes = await writeOrQuarantine(records, async (some) => {
        const written = await inOne(some);
        for (const { one, outcomes: came } of followed) options.followUps?.written(one, came);
        if (some === records) mark?.kept();
        if (some === records && held) options.held?.(held);
        return written;
      });
      if (options.rememberAs) own.seenAs(options.rememberAs).add(records, outcomes, options.whatIf);
      return outcomes;
    },
    async stillHolds(name, state, { scope, rememberAs }) {
      const resource = find(name);
      const request = fingerprintOf(state, await heldParts(resource, scope));
      if (!request || (await hasLinkedTwice(resource, scope))) return false;
      if ((await session.fingerprint(request)) !== state.fingerprint) return false;
      if (state.certain) own.seenAs(rememberAs).addLinked(state.ids);
      return true;
    },
  };
}
