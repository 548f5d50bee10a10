import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import packageJson from '../../../package.json' with { type: 'json' };

const root = new URL('../../../', import.meta.url);

it('the hosted workflow runs scripts that there are', () => {
  const workflow = readFileSync(new URL('.github/workflows/ci.yml', root), 'utf8');
  const scripts = [...workflow.matchAll(/\bnode (scripts\/\S+)/g)].map(([, path = '']) => path);
  expect(scripts.length).toBeGreaterThan(0);
  for (const path of scripts) expect([path, existsSync(fileURLToPath(new URL(path, root)))]).toEqual([path, true]);
  const commands = [...workflow.matchAll(/\bnpm (?:run )?(\S+)/g)].map(([, name = '']) => name);
  expect(commands).toContain('test:windows');
  for (const name of commands) expect(Object.keys(packageJson.scripts)).toContain(name);
});
