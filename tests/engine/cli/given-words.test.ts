import { describe, expect, it } from '@jest/globals';
import { wordsAsMeant } from '../../../node/src/cli/given-words.ts';

/** A line as the C runtime of Windows takes it apart: what is in quotes is one word, and \" is a quote. */
function takenApart(line: string): string[] {
  const words = line.match(/(?:"(?:\\"|[^"])*(?:"|$)|[^\s"])+/g) ?? [];
  return words.map((word) => word.replace(/\\"|"/g, (quote) => (quote === '\\"' ? '"' : '')));
}

describe('the path of a folder with a backslash before the closing quote', () => {
  it.each([
    [String.raw`AUTO "C:\a b\"`, ['AUTO', 'C:\\a b\\']],
    [String.raw`auto "C:\"`, ['auto', 'C:\\']],
    [String.raw`AUTO "hourly folder\" --json`, ['AUTO', 'hourly folder\\', '--json']],
    [String.raw`runs --config "C:\a b\"`, ['runs', '--config', 'C:\\a b\\']],
    [String.raw`runs --config="C:\a b\" --json`, ['runs', '--config=C:\\a b\\', '--json']],
    [
      String.raw`sync Pax8 --config "\\files\a b\" --entity Products`,
      ['sync', 'Pax8', '--config', '\\\\files\\a b\\', '--entity', 'Products'],
    ],
    [
      String.raw`task register "a b\" --every 2h --what-if`,
      ['task', 'register', 'a b\\', '--every', '2h', '--what-if'],
    ],
    [
      String.raw`instance new "D:\x y\" --copy-from "C:\a b\"`,
      ['instance', 'new', 'D:\\x y\\', '--copy-from', 'C:\\a', 'b\\'],
    ],
    [
      String.raw`runs --html "C:\a b\r.html" --config "C:\a b\"`,
      ['runs', '--html', 'C:\\a b\\r.html', '--config', 'C:\\a b\\'],
    ],
  ])('%s', (line, meant) => expect(wordsAsMeant(takenApart(line))).toEqual(meant));

  it('is nothing where a quote is meant', () => {
    const words = ['config', 'set', 'Database.Password', '{"Environment":"NAME"}', '--json'];
    expect(wordsAsMeant(words)).toEqual(words);
    expect(wordsAsMeant(['api', 'GET', '/Client?search="a b"'])).toEqual(['api', 'GET', '/Client?search="a b"']);
  });
});
