import { SettingsInvalidError, type SettingsFault } from '../errors/config-errors.ts';
import type { Engine } from './engine.ts';

/** Says that a file was saved, and what is still wrong with it: it stays without use until that is mended. */
export function tellSaved({ watcher }: Engine, path: string, left: readonly SettingsFault[]): void {
  watcher.told?.(`${path} was saved.`);
  if (left.length === 0) return;
  const { message } = new SettingsInvalidError(path, left);
  watcher.warned(`The change was saved, but the file cannot be used yet. ${message}`);
}
