import type { SecretReference, SuppliedSecrets } from '../config/secrets.ts';
import type { WindowsDoor } from './windows-door.ts';

/**
 * Opens the secrets among these that Windows protects; what is in a vault is left. Each is asked for alone, so that one of another
 * machine keeps none from being used; `problem` says why one was not opened.
 */
export async function openProtected(
  references: readonly SecretReference[],
  door: WindowsDoor,
): Promise<{ opened: SuppliedSecrets; problem?: string }> {
  const opened: Record<string, string> = {};
  let problem: string | undefined;
  for (const { setting, source } of references) {
    if (!('Protected' in source)) continue;
    try {
      const [row] = await door.call('Unprotect', [source.Protected]);
      if (row?.[0] !== undefined) opened[setting] = row[0];
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
  }
  return { opened, ...(problem !== undefined && { problem }) };
}
