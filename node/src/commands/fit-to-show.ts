import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { shownData } from '../shown-text.ts';

/** What these answer are our own words, paths and names, which whoever asked goes on with: nothing may be replaced in them. */
const ownWords =
  /^(config-get|config-set|setting-set|secret-references|instance-new|enable|disable|report|task-(plan|register|list|start|remove))$/;

/**
 * What a command came to, as it may leave the engine: without secrets that a vendor, a log line or a row of Halo's may quote, and
 * without characters that steer a terminal. Records of the built-in API keep theirs, since they are data.
 */
export function fitToShow(command: string, data: unknown, secrets: KnownSecrets): unknown {
  if (ownWords.test(command)) return data;
  const masked = secrets.mask(data);
  return command === 'api' ? masked : shownData(masked);
}
