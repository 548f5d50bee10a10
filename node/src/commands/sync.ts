import { randomUUID } from 'node:crypto';
import { RunRecorder } from '../runs/run-recorder.ts';
import { unfinishedRound } from '../runs/unfinished-round.ts';
import { textOf, textsOf, type Command } from './command.ts';

/** Runs integrations: the named one, or with `auto` all that is switched on. Each run is recorded in the instance's state. */
export const sync: Command = {
  name: 'sync',
  async run(engine, params, output, signal) {
    const { syncAll } = await import('../sync/run.ts');
    const integration = textOf(params, 'integration');
    const entities = textsOf(params, 'entities');
    const whatIf = params.whatIf === true;
    const auto = params.auto === true;
    const parts = await engine.parts();
    const { settings, log, environment } = parts;
    const runId = randomUUID();
    const continuing = auto && !whatIf ? unfinishedRound(settings.folder, environment, log) : undefined;
    using recorder = new RunRecorder(
      { id: runId, auto, whatIf, settingsFingerprint: settings.fingerprint },
      { folder: settings.folder, historyDays: settings.settings.Logging.HistoryDays, environment, log },
    );
    try {
      const report = await syncAll(
        {
          runId,
          whatIf,
          ...(integration && { integration }),
          ...(entities && { entities }),
          ...(continuing && { continuing }),
        },
        parts,
        (event) => {
          recorder.progress(event);
          output.progress(event);
        },
        AbortSignal.any([signal, recorder.stopSignal]),
        (result) => recorder.entityDone(result),
      );
      recorder.end(report);
      return { data: report, exitCode: report.exitCode };
    } catch (error) {
      recorder.failed(error);
      throw error;
    }
  },
};
