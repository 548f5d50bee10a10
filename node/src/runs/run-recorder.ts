import type { Environment } from '../environment.ts';
import { IntegratorError, reportOf, type ErrorReport, type ExitCode } from '../errors/integrator-error.ts';
import { RunStoreDamagedError } from '../errors/run-errors.ts';
import type { Log } from '../logging/log.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { SyncEvent, SyncReport, SyncResult } from '../sync/sync.ts';
import type { NewRun } from './run-record.ts';
import { isLocked, RunStore } from './run-store.ts';

/** How often a run shows that it lives, saves how far it is, and looks whether it is to stop. */
const interval = 1000;
/** How long the store may keep the sync waiting while another program (a backup) has it locked, at the start and at a beat. */
const patience = { start: 5000, beat: 100 };
/** Nothing waits for the end of the record, so that is tried for longer. */
const lastTries = { count: 100, pause: 250 };
/** A store that cannot be opened is tried again after so many beats. */
const beatsToReopen = 10;

type Outcome = 'done' | 'locked' | 'failed';

/** What a recorder works with. */
export interface RecorderParts {
  readonly folder: string;
  readonly historyDays: number;
  readonly environment: Environment;
  readonly log: Log;
  readonly secrets: KnownSecrets;
}

/**
 * Keeps the record of a run while it goes on. A record that cannot be written never stops a sync: what could not be written is
 * tried again at the next beat, and the log says once what is wrong.
 */
export class RunRecorder implements Disposable {
  readonly #run: NewRun;
  readonly #parts: RecorderParts;
  readonly #stop = new AbortController();
  readonly #latest = new Map<string, SyncEvent>();
  readonly #results: SyncResult[] = [];
  readonly #timer: NodeJS.Timeout;
  #store: RunStore | undefined;
  #beatsOff = 0;
  #told = false;
  #madeAnew = false;

  constructor(run: Omit<NewRun, 'startedAt' | 'processId' | 'host'>, parts: RecorderParts) {
    const { clock, processId, hostName } = parts.environment;
    this.#parts = parts;
    this.#run = { ...run, startedAt: clock.now(), processId, host: hostName };
    this.#attempt(() => {}, patience.start);
    this.#timer = setInterval(() => this.#beat(), interval).unref();
  }

  /** Aborted when somebody asks this run to stop. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  /** How far an entity is; written at the next beat, at once where it begins. */
  progress(event: SyncEvent): void {
    if (event.phase === 'done') return;
    this.#latest.set(`${event.integration}\n${event.connection}\n${event.entity}`, event);
    if (event.phase === 'starting') this.#write();
  }

  /** What an entity came to. */
  entityDone(result: SyncResult): void {
    this.#latest.clear();
    this.#results.push(this.#parts.secrets.mask(result));
    this.#write();
  }

  /** The run is over. */
  end({ exitCode }: Pick<SyncReport, 'exitCode'>): Promise<void> {
    return this.#finish(exitCode);
  }

  /** The run could not start. */
  failed(error: unknown): Promise<void> {
    const report = this.#parts.secrets.mask(reportOf(error));
    return this.#finish(report.exitCode, report);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#close();
  }

  #beat(): void {
    if (this.#beatsOff > 0 && --this.#beatsOff > 0) return;
    this.#write((store) => {
      if (store.seen(this.#run.id, this.#now())) this.#stop.abort();
    });
  }

  /** Writes what waits, and then what is given. */
  #write(more: (store: RunStore) => void = () => {}): Outcome {
    if (this.#beatsOff > 0) return 'failed';
    return this.#attempt((store) => {
      for (let result = this.#results[0]; result; result = this.#results[0]) {
        store.entityDone(this.#run.id, result);
        this.#results.shift();
      }
      for (const [key, event] of this.#latest) {
        store.progress(this.#run.id, event);
        this.#latest.delete(key);
      }
      more(store);
    }, patience.beat);
  }

  async #finish(exitCode: ExitCode, error?: ErrorReport): Promise<void> {
    clearInterval(this.#timer);
    const at = this.#now();
    const wasOpen = this.#store !== undefined;
    const write = (): Outcome => {
      this.#beatsOff = 0;
      return this.#write((store) => store.end(this.#run.id, at, exitCode, error));
    };
    let outcome = write();
    // The store may have been taken away under the open file.
    if (outcome === 'failed' && wasOpen) outcome = write();
    for (let tries = 1; outcome === 'locked' && tries < lastTries.count; tries++) {
      await this.#parts.environment.clock.sleep(lastTries.pause);
      outcome = write();
    }
    if (outcome === 'locked') this.#tell(new Error('it was locked by another program until the end'));
  }

  /** Opens the store where it is not open, and does the work. */
  #attempt(work: (store: RunStore) => void, milliseconds: number): Outcome {
    try {
      work((this.#store ??= this.#open(milliseconds)));
      return 'done';
    } catch (error) {
      if (isLocked(error)) return 'locked';
      if (error instanceof RunStoreDamagedError && this.#makeAnew()) return this.#attempt(work, milliseconds);
      this.#tell(error);
      this.#close();
      this.#beatsOff = beatsToReopen;
      return 'failed';
    }
  }

  /** Once a run; what is in the record is history only. */
  #makeAnew(): boolean {
    if (this.#madeAnew) return false;
    this.#madeAnew = true;
    this.#close();
    try {
      const aside = RunStore.setAside(this.#parts.folder);
      this.#parts.log.warn(`The record of runs was damaged and is made anew; what was left of it is in ${aside}.`);
      return true;
    } catch {
      // Windows does not rename what another run has open; the damage itself is told.
      return false;
    }
  }

  #open(milliseconds: number): RunStore {
    const { folder, historyDays } = this.#parts;
    const store = RunStore.open(folder, milliseconds);
    try {
      store.begin(this.#run, new Date(this.#run.startedAt.getTime() - historyDays * 86_400_000));
      store.waitAtMost(patience.beat);
      return store;
    } catch (error) {
      store[Symbol.dispose]();
      throw error;
    }
  }

  #close(): void {
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
  }

  #now(): Date {
    return this.#parts.environment.clock.now();
  }

  #tell(error: unknown): void {
    if (this.#told) return;
    this.#told = true;
    const { message, advice } = reportOf(error);
    const fix = error instanceof IntegratorError ? ` Fix: ${advice}` : '';
    this.#parts.log.warn(`The record of this run is not kept. ${message}${fix}`);
  }
}
