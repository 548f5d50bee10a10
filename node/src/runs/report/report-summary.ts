import type { RunEntity, RunRecord } from '../run-record.ts';

/** How a run or an entity is told: by a colour and a word, never by the colour alone. */
export type Mood = 'good' | 'warn' | 'bad' | 'busy' | 'off';

/** What changed in Halo, and what did not get in. */
export interface Changes {
  created: number;
  updated: number;
  deactivated: number;
  rejected: number;
}

/** What runs came to in a stretch of time. */
export interface Bucket extends Changes {
  /** Start of the stretch, ISO 8601 in UTC. */
  readonly at: string;
  runs: number;
  failed: number;
}

/** How an entity stood when it last ran. */
export interface EntityState {
  readonly name: string;
  readonly integration: string;
  readonly mood: Mood;
  readonly lastRun: string;
  readonly lastRunId: string;
  /** The first run of the row of failures that reaches to the last one; absent where it is well. */
  failingSince?: string;
  /** How many runs are in that row. */
  failures: number;
  /** What the last run says of it, where it says anything. */
  readonly words?: string;
}

/** What a page of runs says before it shows them. */
export interface ReportSummary {
  readonly runs: number;
  readonly failedRuns: number;
  readonly first?: RunRecord;
  readonly last?: RunRecord;
  readonly changes: Changes;
  /** Those that need somebody first. */
  readonly entities: readonly EntityState[];
  /** Per hour where the runs are of three days at most, else per day; oldest first, without those that had no run. */
  readonly timeline: readonly Bucket[];
  readonly perHour: boolean;
}

const hour = 3_600_000;
const severity: Readonly<Record<Mood, number>> = { bad: 0, warn: 1, busy: 2, off: 3, good: 4 };

/** Sums up runs that come newest first, keeping none of them. */
export function summarise(runs: Iterable<RunRecord>, dayKey: (iso: string) => string): ReportSummary {
  const entities = new Map<string, EntityState & { settled: boolean }>();
  const hours = new Map<string, Bucket>();
  const days = new Map<string, Bucket>();
  const changes: Changes = { created: 0, updated: 0, deactivated: 0, rejected: 0 };
  let [count, failedRuns] = [0, 0];
  let [first, last]: [RunRecord | undefined, RunRecord | undefined] = [undefined, undefined];
  for (const run of runs) {
    last ??= run;
    first = run;
    count++;
    const failed = moodOfRun(run) === 'bad';
    if (failed) failedRuns++;
    const ofHour = new Date(Math.floor(Date.parse(run.startedAt) / hour) * hour).toISOString();
    for (const bucket of [bucketOf(hours, ofHour, ofHour), bucketOf(days, dayKey(run.startedAt), run.startedAt)]) {
      bucket.runs++;
      if (failed) bucket.failed++;
      for (const one of run.whatIf ? [] : run.entities) add(bucket, one);
    }
    if (run.whatIf) continue;
    for (const one of run.entities) {
      add(changes, one);
      // That an undoing went well says nothing of how the entity stands.
      if (run.undoes === undefined) follow(entities, run, one);
    }
  }
  const span = first && last ? Date.parse(last.startedAt) - Date.parse(first.startedAt) : 0;
  const perHour = span <= 72 * hour;
  return {
    runs: count,
    failedRuns,
    ...(first && { first }),
    ...(last && { last }),
    changes,
    entities: [...entities.values()].sort(
      (one, other) => severity[one.mood] - severity[other.mood] || one.name.localeCompare(other.name),
    ),
    timeline: [...(perHour ? hours : days).values()].reverse(),
    perHour,
  };
}

/** How an entity is told. What was left undone on purpose (a note) is no failure, and not silent either. */
export function moodOfEntity(entity: RunEntity): Mood {
  if (entity.status === 'failed') return 'bad';
  if (entity.status === 'running') return 'busy';
  if (entity.status !== 'succeeded' && entity.status !== 'succeeded-with-rejections') return 'off';
  return entity.rejected > 0 || entity.status === 'succeeded-with-rejections' ? 'warn' : 'good';
}

/** How a run is told. */
export function moodOfRun(run: RunRecord): Mood {
  if (run.state === 'running') return 'busy';
  if (run.state === 'interrupted' || run.error) return 'bad';
  if (run.exitCode === 4 || run.exitCode === 6 || run.exitCode === 130) return 'off';
  if (run.entities.some((one) => one.status === 'failed')) return 'bad';
  if (run.exitCode === 5) return 'warn';
  return run.exitCode === 0 ? 'good' : 'bad';
}

function bucketOf(buckets: Map<string, Bucket>, key: string, at: string): Bucket {
  let bucket = buckets.get(key);
  if (!bucket)
    buckets.set(key, (bucket = { at, runs: 0, failed: 0, created: 0, updated: 0, deactivated: 0, rejected: 0 }));
  return bucket;
}

function add(sum: Changes, one: RunEntity): void {
  sum.created += one.created;
  sum.updated += one.updated;
  sum.deactivated += one.deactivated;
  sum.rejected += one.rejected;
}

/** Follows an entity back in time, as long as its last failure reaches. */
function follow(entities: Map<string, EntityState & { settled: boolean }>, run: RunRecord, one: RunEntity): void {
  const mood = moodOfEntity(one);
  // Stopped, cancelled or not yet done says nothing of whether it works.
  if (mood === 'off' || mood === 'busy') return;
  const name = [one.integration, one.entity, ...(one.connection ? [`(${one.connection})`] : [])].join(' ');
  const known = entities.get(name);
  if (!known) {
    const words = one.error?.message ?? one.note ?? (one.rejected > 0 ? one.rejections[0]?.reason : undefined);
    entities.set(name, {
      ...{
        name,
        integration: one.integration,
        mood,
        lastRun: run.startedAt,
        lastRunId: run.id,
        settled: mood !== 'bad',
      },
      ...{ failures: mood === 'bad' ? 1 : 0, ...(mood === 'bad' && { failingSince: run.startedAt }) },
      ...(words !== undefined && { words }),
    });
  } else if (!known.settled) {
    if (mood === 'bad') {
      known.failures++;
      known.failingSince = run.startedAt;
    } else known.settled = true;
  }
}
