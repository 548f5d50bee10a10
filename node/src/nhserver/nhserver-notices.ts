import { readSettingsFile } from '../config/settings-file.ts';
import type { Environment } from '../environment.ts';
import { nhserverAdvice } from './nhserver-advice.ts';
import { nhserverOnWindows } from './nhserver-on-windows.ts';

/**
 * What is to be said of NHserver beside a list of tasks: once for each date their instances record; where none does and it is
 * on this machine, that the date is wanted.
 */
export async function nhserverNotices(
  tasks: readonly { readonly settingsPath: string }[],
  environment: Environment,
  look: typeof nhserverOnWindows = nhserverOnWindows,
): Promise<string[]> {
  const dates = new Set<string | undefined>();
  for (const { settingsPath } of tasks) {
    // A file that cannot be read is among the task's own troubles.
    const file = await readSettingsFile(settingsPath, environment).catch(() => undefined);
    const date = (file?.content as { Nhserver?: { UpgradeDate?: unknown } } | undefined)?.Nhserver?.UpgradeDate;
    if (typeof date === 'string' && !Number.isNaN(Date.parse(date))) dates.add(date);
  }
  const signs = await look(environment);
  if (dates.size === 0 && signs.here) dates.add(undefined);
  return [...dates].map((date) => {
    const { detail, fix } = nhserverAdvice(date, signs, environment.clock.now());
    return fix === '' ? detail : `${detail} ${fix}`;
  });
}
