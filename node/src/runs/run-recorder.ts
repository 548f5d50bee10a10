import type { Environment } from '../environment.ts';
import { reportOf } from '../errors/integrator-error.ts';
import type { Log } from '../logging/log.ts';
import type { SyncEvent, SyncReport, SyncResult } from '../sync/sync.ts';
import type { NewRun } from './run-record.ts';
import { RunStore } from './run-store.ts';

/** How often a run shows that it lives, saves how far it is, and looks whether it is to stop. */
const interval = 1000;

/** What a recorder works with. */
export interface RecorderParts {
  readonly folder: string;
  readonly historyDays: number;
  readonly environment: Environment;
  readonly log: Log;
}

/**
 * Keeps the record of a run while it goes on. A record that cannot be written never stops a sync: the log says so once.
 */
export class RunRecorder implements Disposable {
  readonly #run: NewRun;
  readonly #parts: RecorderParts;
  readonly #stop = new AbortController();
  readonly #latest = new Map<string, SyncEvent>();
  #store: RunStore | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(run: Omit<NewRun, 'startedAt' | 'processId' | 'host'>, parts: RecorderParts) {
    const { clock, processId, hostName } = parts.environment;
    this.#parts = parts;
    this.#run = { ...run, startedAt: clock.now(), processId, host: hostName };
    this.#attempt(() => {
      this.#store = RunStore.open(parts.folder);
      const kept = parts.historyDays * 86_400_000;
      this.#store.begin(this.#run, new Date(this.#run.startedAt.getTime() - kept));
    });
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
    if (event.phase === 'starting') this.#flush();
  }

  /** What an entity came to. */
  entityDone(result: SyncResult): void {
    this.#latest.clear();
    this.#attempt(() => this.#store?.entityDone(this.#run.id, result));
  }

  /** The run is over. */
  end(report: SyncReport): void {
    this.#attempt(() => this.#store?.end(this.#run.id, this.#now(), report.exitCode));
  }

  /** The run could not start. */
  failed(error: unknown): void {
    const report = reportOf(error);
    this.#attempt(() => this.#store?.end(this.#run.id, this.#now(), report.exitCode, report));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#store?.[Symbol.dispose]();
    this.#store = undefined;
  }

  #beat(): void {
    this.#flush();
    this.#attempt(() => {
      if (this.#store?.seen(this.#run.id, this.#now())) this.#stop.abort();
    });
  }

  #flush(): void {
    const events = [...this.#latest.values()];
    this.#latest.clear();
    this.#attempt(() => {
      for (const event of events) this.#store?.progress(this.#run.id, event);
    });
  }

  #now(): Date {
    return this.#parts.environment.clock.now();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#parts.log.warn('The record of this run is not kept', { run: this.#run.id, error: reportOf(error) });
      clearInterval(this.#timer);
      this.#store?.[Symbol.dispose]();
      this.#store = undefined;
    }
  }
}
