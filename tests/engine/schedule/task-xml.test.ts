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
  'C:\\100 % $PATH\\5min',
  'C:\\50% off\\30% more\\5min',
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

/**
 * A command line taken apart by the rules of CommandLineToArgvW and of the C run-time library
 * (https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments), which Node and PowerShell follow.
 */
function argumentsOf(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let inside = false;
  for (let at = 0; at < line.length; at++) {
    const slashes = /^\\+/.exec(line.slice(at))?.[0].length ?? 0;
    if (slashes > 0) {
      const quote = line[at + slashes] === '"';
      word = (word ?? '') + '\\'.repeat(quote ? Math.floor(slashes / 2) : slashes);
      at += slashes - 1;
      if (quote && slashes % 2 === 1) {
        word += '"';
        at++;
      }
    } else if (line[at] === '"') {
      word ??= '';
      inside = !inside;
    } else if (!inside && /[ \t]/.test(line[at] ?? '')) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + (line[at] ?? '');
  }
  return word === undefined ? words : [...words, word];
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
          contents: await taskXml(one),
        })),
      );
      // libxml asks for a content model that is unambiguous; tasks of ours have no custom trigger.
      const xsd = readFileSync(schema, 'utf8')
        .replace(/^\uFEFF/, '')
        .replace('<xs:any minOccurs="0" />', '<xs:any minOccurs="0" namespace="##other" />');
      const { valid, errors } = await validateXML({ xml, schema: [{ fileName: 'task.xsd', contents: xsd }] });
      expect([valid, errors.map((error) => error.message)]).toEqual([true, []]);
      const broken = (await taskXml(task())).replace('PT5M</Interval>', 'often</Interval>');
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

  it('has the elements of the schema in its order, each once', async () => {
    // The order of the sequences in the Task Scheduler's schema (registrationInfoType, timeTriggerType, calendarTriggerType,
    // execActionType); what stands in `all` or `choice` groups may come in any.
    const order = [
      ['RegistrationInfo', 'Triggers', 'Principals', 'Settings', 'Actions'],
      ['Repetition', 'StartBoundary'],
      ['Interval', 'StopAtDurationEnd'],
      ['WeeksInterval', 'DaysOfWeek'],
      ['Command', 'Arguments', 'WorkingDirectory'],
    ];
    for (const one of table()) {
      const xml = await taskXml(one);
      expect(xml.startsWith('<?xml version="1.0"?>\n<Task ')).toBe(true);
      expect(xml).toContain('xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task" version="1.2"');
      for (const names of order) {
        const places = names.map((name) => xml.indexOf(`<${name}>`)).filter((place) => place >= 0);
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }
      for (const name of ['Principal id="Author"', 'Exec', 'UserId', 'ExecutionTimeLimit', 'StartBoundary'])
        expect(xml.split(`<${name}>`)).toHaveLength(2);
      expect(/<ExecutionTimeLimit>PT(\d+)M</.exec(xml)?.[1]).toBe(String(one.timeLimit));
      expect(xml).toMatch(/<StartBoundary>2026-01-0[14]T[0-2]\d:[0-5]\d:[0-5]\d<\/StartBoundary>/);
      // Nothing but tags, references and text: a bare & or < would make it unreadable.
      expect(xml.replace(/&(?:amp|lt|gt|quot|apos|#\d+);/g, '')).not.toContain('&');
    }
  });

  it('is written as it is read by a shell that makes UTF-8 or UTF-16 of it', async () => {
    const xml = await taskXml(task({ settingsPath: 'E:\\日本語\\5min\\appsettings.json' }));
    expect(xml).not.toContain('encoding=');
  });

  it('refuses what Windows would read as a variable', () => {
    for (const folder of ['C:\\%TEMP%\\5min', 'C:\\a\\100%x% 5min', 'C:\\$(Arg0)\\5min', 'C:\\R&amp;D\\5min'])
      expect(() => task({ settingsPath: `${folder}\\appsettings.json` })).toThrow(
        /reads as a variable|stands for a character/,
      );
  });

  it('refuses what a task cannot hold', () => {
    const refused = { code: 'TaskText', exitCode: 2 };
    for (const name of ['', 'a/b', 'a\\b', 'a:b', 'a"b', 'x'.repeat(201), 'tab\there', '\ud800'])
      expect(() => task({ name })).toThrow(expect.objectContaining(refused));
    const long = `C:\\${'x'.repeat(260)}\\appsettings.json`;
    expect(() => task({ settingsPath: long })).toThrow(expect.objectContaining(refused));
  });

  it('gives the engine its words back as Windows takes a command line apart', async () => {
    for (const one of table()) {
      const words = argumentsOf(one.arguments);
      const path = `${one.workingDirectory}\\appsettings.json`;
      if (one.command.endsWith('powershell.exe'))
        expect(words.at(-1)).toContain(`'${path.replace(/['\u2018\u2019]/g, '$&$&')}'`);
      else expect(words.slice(-2)).toEqual(['AUTO', path]);
    }
    const hard = [
      '',
      ' ',
      'a"b',
      '\\',
      'C:\\a b\\',
      '\\\\"',
      'x\\\\',
      '\\"quoted\\"',
      "it's",
      '%x%',
      '&|<>^',
      '日本 語',
      '-x="y z"',
      '\t',
    ];
    expect(argumentsOf(joinArguments(hard))).toEqual(hard);
    for (const word of hard) expect(argumentsOf(`AUTO ${quoted(word)}`)).toEqual(['AUTO', word]);
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
