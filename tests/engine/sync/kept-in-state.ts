import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptRejections } from '../../../node/src/sync/kept-rejections.ts';

/** What the only file of an instance's state with that ending keeps; undefined where there is none. */
export async function keptInState<T>(instanceFolder: string, ending: string): Promise<T | undefined> {
  const folder = join(instanceFolder, 'state');
  const name = (await readdir(folder)).find((one) => one.endsWith(ending));
  return name === undefined ? undefined : (JSON.parse(await readFile(join(folder, name), 'utf8')) as { kept: T }).kept;
}

/** The rejected records that are listed of the only entity of an instance. */
export async function listedRejections(instanceFolder: string): Promise<KeptRejections['rejections'] | undefined> {
  return (await keptInState<KeptRejections>(instanceFolder, '.rejections'))?.rejections;
}
