import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { validateXML } from 'xmllint-wasm';
import { joinArguments, powerShellText, quoted } from '../../../node/src/schedule/command-line-text.ts';
import { differences } from '../../../node/src/schedule/compare-tasks.ts';
import { parseFrequency } from '../../../node/src/schedule/frequency.ts';
import { readTask } from '../../../node/src/schedule/registered-task.ts';
import { taskAccount } from '../../../node/src/schedule/task-account.ts';
import { defineTask, type TaskDefinition, type TaskSource } from '../../../node/src/schedule/task-definition.ts';
import { taskXml } from '../../../node/src/schedule/task-xml.ts';

const schema = process.env['HALO_TASK_XSD'];

function task(more: Partial<TaskSource> = {}): TaskDefinition {
  return defineTask({
    settingsPath: 'C:\\HaloIntegrator\\5min\\appsettings.json',
    name: '5min',
    frequency: parseFrequency('5min'),
    account: taskAccount('SYSTEM'),
    engineLimit: 4,
    program: ['C:\\Program Files\\Halo\\node.exe', '--no-warnings', 'C:\\Program Files\\Halo\\main.mjs'],
    ...more,
  });
}

const folders = [
  'C:\\HaloIntegrator\\5min',
  'C:\\Halo Integrator\\every 5min',
  "C:\\Müller & Söhne's <x>\\5min".replace(/[<>]/g, ''),
  'C:\\R&D\\5min',
  "D:\\it's\\O‘Brien’s\\5min",
  'E:\\日本語\\Ωμέγα\\5min',
  'E:\\😀\\5min',
  'C:\\100% $PATH %TEMP%\\5min',
  'C:\\a;b (c) [d] {e}\\5min',
  '\\\\server\\share$\\halo\\5min',
  'C:\\]]>\\5min'.replace('>', ''),
];
const names = ['5min', 'Halo & Söhne', "it's <fine>".replace(/[<>]/g, ''), '日本語 5min', '😀', '&amp;', '%name%'];
const accounts = ['SYSTEM', 'NT AUTHORITY\\LOCAL SERVICE', 'CORP\\halo$', 'CORP\\R&D user', 'admin@corp.example'];
const frequencies = ['5min', 'hourly', '2h', 'daily', 'daily-0300', 'weekly', 'weekly-fri-2359'];

function table(): TaskDefinition[] {
  const all: TaskDefinition[] = [];
  const powerShell = {
    program: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    module: "C:\\it's\\m.psd1",
  };
  for (const folder of folders) {
    all.push(task({ settingsPath: `${folder}\\appsettings.json` }));
    all.push(task({ settingsPath: `${folder}\\appsettings.json`, powerShell }));
  }
  for (const name of names) all.push(task({ name }));
  for (const account of accounts) all.push(task({ account: taskAccount(account) }));
  for (const frequency of frequencies) all.push(task({ frequency: parseFrequency(frequency) }));
  return all;
}

describe('the XML of a task', () => {
  it('gives back every path, name and account as it went in', async () => {
    for (const one of table()) {
      const facts = await readTask(await taskXml(one));
      expect(facts).toMatchObject({ command: one.command, arguments: one.arguments, userId: one.account.userId });
      expect(facts.settingsPath).toBe(`${one.workingDirectory}\\appsettings.json`);
      expect(await differences(one, facts)).toEqual([]);
    }
  });

  if (schema !== undefined)
    it('is valid by the schema of the Task Scheduler', async () => {
      const xml = await Promise.all(
        table().map(async (one, index) => ({
          fileName: `${index}.xml`,
          // The text is given as a string, so its declaration must not speak of UTF-16.
          contents: (await taskXml(one)).replace(' encoding="UTF-16"', ''),
        })),
      );
      // libxml asks for a content model that is unambiguous; tasks of ours have no custom trigger.
      const xsd = readFileSync(schema, 'utf8')
        .replace(/^\uFEFF/, '')
        .replace('<xs:any minOccurs="0" />', '<xs:any minOccurs="0" namespace="##other" />');
      const { valid, errors } = await validateXML({ xml, schema: [{ fileName: 'task.xsd', contents: xsd }] });
      expect([valid, errors.map((error) => error.message)]).toEqual([true, []]);
      const broken = (await taskXml(task()))
        .replace('PT5M</Interval>', 'often</Interval>')
        .replace(' encoding="UTF-16"', '');
      expect((await validateXML({ xml: broken, schema: xsd })).valid).toBe(false);
    });

  it('starts the engine with AUTO in the folder, ignores a second start, catches up, and minds no battery', async () => {
    const facts = await readTask(await taskXml(task()));
    expect(facts).toMatchObject({
      command: 'C:\\Program Files\\Halo\\node.exe',
      arguments: '--no-warnings "C:\\Program Files\\Halo\\main.mjs" AUTO "C:\\HaloIntegrator\\5min\\appsettings.json"',
      workingDirectory: 'C:\\HaloIntegrator\\5min',
      timeLimit: 5,
      policy: 'IgnoreNew',
      startWhenAvailable: true,
      batteriesIgnored: true,
      runLevel: 'LeastPrivilege',
      enabled: true,
      ours: true,
    });
  });

  it('spreads the starts by the folder, the same at every registration', async () => {
    const startOf = async (folder: string, frequency: string): Promise<string> =>
      (
        await readTask(
          await taskXml(
            task({ settingsPath: `C:\\${folder}\\appsettings.json`, frequency: parseFrequency(frequency) }),
          ),
        )
      ).trigger;
    expect(await startOf('a', 'hourly')).toBe(await startOf('a', 'hourly'));
    const starts = new Set(await Promise.all([...'abcdefgh'].map((folder) => startOf(folder, 'hourly'))));
    expect(starts.size).toBeGreaterThan(6);
    expect(await startOf('a', 'daily-0300')).toBe('every 1 days from 2026-01-04T03:00:00');
  });

  it('refuses what a task cannot hold', () => {
    const refused = { code: 'TaskText', exitCode: 2 };
    for (const name of ['', 'a/b', 'a\\b', 'a:b', 'a"b', 'x'.repeat(201), 'tab\there', '\ud800'])
      expect(() => task({ name })).toThrow(expect.objectContaining(refused));
    const long = `C:\\${'x'.repeat(260)}\\appsettings.json`;
    expect(() => task({ settingsPath: long })).toThrow(expect.objectContaining(refused));
  });

  it('quotes arguments as Windows takes them apart, and PowerShell texts with typographic quotes', () => {
    expect(joinArguments(['a', 'b c', ''])).toBe('a "b c" ""');
    expect(quoted('C:\\a b\\')).toBe('"C:\\a b\\\\"');
    expect(quoted('say "x\\"')).toBe('"say \\"x\\\\\\""');
    expect(powerShellText("O'Brien’s")).toBe("'O''Brien’’s'");
  });
});

describe('comparing with what is registered', () => {
  it('sees through the forms Windows gives back: other durations, a SID for the account, defaults left out', async () => {
    const wanted = task({ frequency: parseFrequency('2h'), account: taskAccount('CORP\\halo$'), engineLimit: 54 });
    const xml = (await taskXml(wanted))
      .replace('<Interval>PT120M</Interval>', '<Interval>PT2H</Interval>')
      .replace('PT60M</ExecutionTimeLimit>', 'PT1H</ExecutionTimeLimit>')
      .replace('<UserId>CORP\\halo$</UserId>', '<UserId>S-1-5-21-1-2-3-1104</UserId>')
      .replace(/<Enabled>true<\/Enabled>/g, '')
      .replace('<RunLevel>LeastPrivilege</RunLevel>', '')
      .replace('<RegistrationInfo>', '<RegistrationInfo><URI>\\Halo DB Integrator\\2h</URI>');
    expect(xml).toContain('PT1H</Exec');
    expect(await differences(wanted, await readTask(xml))).toEqual([]);
  });

  it.each([
    ['Enabled>true</Enabled>\n    <Hidden', 'Enabled>false</Enabled>\n    <Hidden', 'being enabled'],
    ['IgnoreNew', 'Parallel', 'what happens while it runs'],
    ['PT5M</Interval>', 'PT10M</Interval>', 'when it starts'],
    ['PT5M</ExecutionTimeLimit>', 'PT72H</ExecutionTimeLimit>', 'time limit'],
    ['S-1-5-18', 'S-1-5-19', 'the account'],
    ['LeastPrivilege', 'HighestAvailable', 'run level'],
    ['main.mjs', 'old.mjs', 'the arguments'],
  ])('names a change of %s', async (from, to, word) => {
    const xml = await taskXml(task());
    expect(xml).toContain(from);
    const found = await differences(task(), await readTask(xml.replace(from, to)));
    expect(found).toEqual([expect.stringContaining(word)]);
  });
});
