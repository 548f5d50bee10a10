/** Days after the upgrade that NHserver must go on: it moves data when it sees the new services. */
const daysNeeded = 30;
const day = 86_400_000;
/** A line in its log that is younger than this means that it is still at work. */
const recent = 2 * day;

const record = 'Record the day: Set-HaloDbConfig -NhserverUpgradeDate 2026-11-24 (Nhserver.UpgradeDate).';

/** What tells of NHserver; a part that could not be looked at is absent. */
export interface NhserverSigns {
  /** Its task or service on this machine. */
  readonly here?: { readonly name: string; readonly enabled: boolean };
  /** Whether this machine was looked at, and all of it. */
  readonly lookedHere: boolean;
  /** Whether it was looked at by an account that may not see the tasks of others. */
  readonly tasksHidden?: boolean;
  /** The newest line of NHServerLogs. */
  readonly lastLog?: Date;
  /** Rows of NHServerConfig. */
  readonly configurations?: number;
}

/** What is to be said of NHserver. */
export interface NhserverAdvice {
  readonly passed: boolean;
  readonly detail: string;
  /** Empty when it passed. */
  readonly fix: string;
}

/** The last day on which NHserver must be scheduled, `YYYY-MM-DD`. */
export function neededUntil(upgradeDate: string): string {
  return dateText(new Date(Date.parse(`${upgradeDate}T00:00:00Z`) + daysNeeded * day));
}

/** Whether that day has passed on this machine. */
export function isNeedOver(upgradeDate: string, now: Date): boolean {
  return localDay(now) > neededUntil(upgradeDate);
}

/** What is to be said, given the upgrade's date (`YYYY-MM-DD`, undefined where it is not recorded) and the signs. */
export function nhserverAdvice(upgradeDate: string | undefined, signs: NhserverSigns, now: Date): NhserverAdvice {
  const seen = seenText(signs);
  if (upgradeDate === undefined) {
    if (!signs.here && !signs.lastLog && !signs.configurations)
      return passed(
        `The date of the upgrade is not recorded, and there is no sign of NHserver.${seen} Did Halo run one before? ${record}`,
      );
    return failed(
      `The date of the upgrade is not recorded.${seen}`,
      `On which day was Halo upgraded to the integrator? ${record}`,
    );
  }
  const today = localDay(now);
  if (upgradeDate > today)
    return failed(
      `The date of the upgrade, ${upgradeDate}, is yet to come.${seen}`,
      `Correct it once Halo is upgraded. ${record}`,
    );
  const until = neededUntil(upgradeDate);
  const atWork = signs.lastLog !== undefined && now.getTime() - signs.lastLog.getTime() < recent;
  if (today <= until) {
    const detail = `NHserver must stay scheduled until ${until}, ${daysNeeded} days after the upgrade.${seen}`;
    const missing = signs.lookedHere && !signs.here?.enabled && !atWork;
    return missing
      ? failed(detail, `Enable its task or service until ${until}, here or where it ran.`)
      : passed(detail);
  }
  const detail = `NHserver has not been needed since ${until} and should be disabled.${seen}`;
  if (signs.here?.enabled) return failed(detail, `Disable ${signs.here.name}.`);
  return atWork ? failed(detail, 'Disable its task or service on the machine where it runs.') : passed(detail);
}

function seenText({ here, lookedHere, tasksHidden, lastLog, configurations }: NhserverSigns): string {
  const words = [
    ...(here ? [`${here.name} is ${here.enabled ? 'enabled' : 'disabled'} on this machine`] : []),
    ...(lookedHere && !here ? ['it has no task or service on this machine'] : []),
    ...(lastLog ? [`NHServerLogs was last written ${dateText(lastLog)}`] : []),
    ...(configurations ? [`NHServerConfig has ${configurations} ${configurations === 1 ? 'row' : 'rows'}`] : []),
  ];
  const seen = words.length > 0 ? ` Seen: ${words.join('; ')}.` : '';
  return tasksHidden ? `${seen} Not seen: tasks of other accounts on this machine; ask as administrator.` : seen;
}

const passed = (detail: string): NhserverAdvice => ({ passed: true, detail, fix: '' });
const failed = (detail: string, fix: string): NhserverAdvice => ({ passed: false, detail, fix });

/** The day it is on this machine, whose administrator counts the days. */
function localDay(now: Date): string {
  return dateText(new Date(now.getTime() - now.getTimezoneOffset() * 60_000));
}

function dateText(date: Date): string {
  return date.toISOString().slice(0, 10);
}
