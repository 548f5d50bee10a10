import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Engine } from '../../../node/src/commands/engine.ts';
import { commands } from '../../../node/src/commands/registry.ts';
import { systemEnvironment } from '../../../node/src/system-environment.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'halo-params-'));
  const settings = { HaloUrl: 'https://halo.example.com', Database: { Server: '(embedded)', Name: 'halo.db' } };
  writeFileSync(join(folder, 'appsettings.json'), JSON.stringify(settings));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function ask(method: string, params: unknown): Promise<unknown> {
  await using engine = new Engine(systemEnvironment(folder), folder);
  const given = params as Record<string, unknown>;
  return (
    await commands
      .get(method)
      ?.run(engine, given, { progress: () => {}, items: async () => {} }, new AbortController().signal)
  )?.data;
}

describe('parameters of a request', () => {
  it.each([
    ['sync', { entities: 'Subscriptions' }, 'entities must be a list'],
    ['sync', { entities: [] }, 'entities must be a list of one text or more'],
    ['sync', { entities: ['Products', 7] }, 'entities must be a list'],
    ['sync', { integration: ['Pax8'] }, 'integration must be a text'],
    ['sync', { integration: '' }, 'integration must be a text that is not empty'],
    ['sync', { whatIf: 'true' }, 'whatIf must be true or false'],
    ['sync', { whatIf: 1 }, 'whatIf must be true or false'],
    ['sync', { whatif: true }, 'sync takes no "whatif"'],
    ['sync', { entity: ['Products'] }, 'sync takes no "entity"'],
    ['sync', { constructor: true }, 'sync takes no "constructor"'],
    ['sync', 'Pax8', 'parameters of sync must be an object'],
    ['sync', [], 'parameters of sync must be an object'],
    ['disable', { integration: 'Pax8', entities: 'Products' }, 'entities must be a list'],
    ['stop', { run: 7 }, 'run must be a text'],
    ['stop', { force: 'false' }, 'force must be true or false'],
    ['stop', { wait: -1 }, 'wait must be a whole number'],
    ['runs', { last: '5' }, 'last must be a whole number'],
    ['test', { database: true }, 'test takes no "database"'],
    ['config-set', { changes: ['x'] }, 'changes must be an object'],
    ['task-limit', { path: 'x', minutes: '5' }, 'minutes must be a whole number'],
    ['task-inspect', { registered: {} }, 'registered must be a list'],
    ['task-inspect', { registered: ['x'] }, 'registered task'],
    ['task-inspect', { registered: [null] }, 'registered task'],
    ['task-inspect', { registered: [{ name: 'x' }] }, 'registered task'],
    ['task-inspect', { registered: [{ name: 'x', xml: '<Task/>', lastResult: '0' }] }, 'registered task'],
  ])('%s refuses %j rather than take it for left out', async (method, params, words) => {
    await expect(ask(method, params)).rejects.toMatchObject({ code: 'Usage', message: expect.stringContaining(words) });
  });

  it('may be null, which is left out, and of a task as well', async () => {
    expect(await ask('sync', { integration: null, entities: null, whatIf: true })).toMatchObject({ whatIf: true });
    const task = { name: 'x', xml: '<Task/>', state: null, lastResult: null };
    expect(await ask('task-inspect', { registered: [task] })).toMatchObject({ tasks: [] });
  });
});
