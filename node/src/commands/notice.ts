import { reportOf, type ErrorReport } from '../errors/integrator-error.ts';
import { isNeedOver, nhserverAdvice } from '../nhserver/nhserver-advice.ts';
import type { Outcome } from '../notice/outcome.ts';
import type { Receiver } from '../notice/notice.ts';
import type { LoadedSettings } from '../config/settings.ts';
import { StateFolder } from '../sync/state-folder.ts';
import type { SyncReport } from '../sync/sync.ts';
import type { Engine } from './engine.ts';
import type { Check } from './check.ts';

/**
 * Tells whom the settings name how a scheduled run ended, where that is a change. It never fails: what keeps it from being told is a
 * warning of the log.
 */
export async function tellOfRun(engine: Engine, ended: SyncReport | ErrorReport): Promise<void> {
  const loaded = await engine.settings().catch(() => undefined);
  // Without settings nobody is known who could be told; the Event Log and the last words have it.
  if (!loaded?.settings.Notice.Email && !loaded?.settings.Notice.Webhook) return;
  const parts = await engine.parts([]).catch(() => undefined);
  const warn = (message: string): void => parts?.log.warn(message);
  try {
    const { outcomeOf } = await import('../notice/outcome.ts');
    const outcome = outcomeOf(ended);
    if (!outcome) return;
    const { giveNotice } = await import('../notice/give-notice.ts');
    const { environment, secrets } = engine;
    const now = environment.clock.now();
    const nhserver = nhserverEnd(loaded, now);
    await giveNotice(
      await receiversFor(loaded, engine),
      { ...outcome, ...(nhserver && { nhserver }) },
      {
        place: placeOf(loaded, engine),
        state: new StateFolder(loaded.folder, environment, warn),
        secrets,
        now,
        warn,
      },
    );
  } catch (error) {
    const { message, advice } = reportOf(error);
    warn(`No notice was given: ${message} ${advice}`);
  }
}

/** Checks of `Notice`: whether it could be given, and with `send` whether a try of it is taken. None where nothing is set. */
export async function noticeChecks(loaded: LoadedSettings, engine: Engine, send: boolean): Promise<NoticeCheck[]> {
  const receivers = await receiversFor(loaded, engine);
  if (receivers.length === 0 && send)
    return [
      {
        check: {
          name: 'Notice',
          passed: false,
          detail: 'No notice was sent: the settings name nobody to be told.',
          fix: 'Set Notice.Email or Notice.Webhook in appsettings.json (docs/notice.md).',
        },
        exitCode: 0,
      },
    ];
  const { trialNotice } = await import('../notice/notice-text.ts');
  return Promise.all(
    receivers.map(async (receiver) => {
      const name = receiver.name === 'Email' ? 'Notice by e-mail' : 'Notice by webhook';
      try {
        if (send) await receiver.send(trialNotice(placeOf(loaded, engine)));
        const detail = send ? 'A try was sent and taken: look whether it arrived.' : await receiver.probe();
        return { check: { name, passed: true, detail, fix: '' }, exitCode: 0 };
      } catch (error) {
        const { message, advice, exitCode } = reportOf(error);
        return { check: { name, passed: false, detail: message, fix: advice }, exitCode };
      }
    }),
  );
}

interface NoticeCheck {
  readonly check: Check;
  /** What the whole test ends with because of it; 0 where that is no error's. */
  readonly exitCode: number;
}

async function receiversFor(loaded: LoadedSettings, { environment }: Engine): Promise<Receiver[]> {
  const [{ receiversOf }, { createSend }] = await Promise.all([
    import('../notice/receivers.ts'),
    import('../http/send.ts'),
  ]);
  return receiversOf(loaded, createSend(environment.variables));
}

function placeOf({ folder }: LoadedSettings, { environment }: Engine): { host: string; folder: string } {
  return { host: environment.hostName, folder };
}

/** Once NHserver's last day is over: what is to be said of it. It is not looked for, as each run would have to. */
function nhserverEnd({ settings }: LoadedSettings, now: Date): Outcome['nhserver'] {
  const { UpgradeDate: upgradeDate } = settings.Nhserver;
  if (upgradeDate === undefined || !isNeedOver(upgradeDate, now)) return undefined;
  const { detail } = nhserverAdvice(upgradeDate, { lookedHere: false }, now);
  return { upgradeDate, detail: `${detail} Test-HaloDbConfig says where it is still seen.` };
}
