import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { engineFlagsOn as inScripts } from '../../../scripts/node-24.mjs';
import { engineFlagsOn } from '../../../node/src/system-environment.ts';

it('the module, the scripts and the tasks start the engine with the same options, which Node knows', () => {
  const source = readFileSync(new URL('../../../module/src/Bridge/EngineProcess.cs', import.meta.url), 'utf8');
  const declared = /string\[\] Flags = .*?;/s.exec(source)?.[0] ?? '';
  const inModule = [...declared.matchAll(/\{ (.*?) \}/g)].map(([, list]) => JSON.parse(`[${list}]`) as string[]);
  expect(inModule).toEqual([engineFlagsOn('win32'), engineFlagsOn('linux')]);
  for (const platform of ['win32', 'linux', 'darwin'] as const)
    expect(inScripts(platform)).toEqual(engineFlagsOn(platform));
  expect(spawnSync(process.execPath, [...engineFlagsOn('win32'), '-e', '0']).status).toBe(0);
});
