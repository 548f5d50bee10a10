import { describe, expect, it } from '@jest/globals';
import { inWords, parseFrequency } from '../../../node/src/schedule/frequency.ts';
import { resultInWords } from '../../../node/src/schedule/task-results.ts';
import { endsInTime, engineLimit, taskLimit } from '../../../node/src/schedule/time-limits.ts';

describe('frequency names', () => {
  it.each(['1.5h', '1,5h', 'bi-weekly', 'non-daily', 'semi weekly'])('%s is none', (name) => {
    expect(() => parseFrequency(name)).toThrow(name);
  });

  it.each([
    ['5min', 'every 5 minutes', 4, 5],
    ['15m', 'every 15 minutes', 13, 15],
    ['1min', 'every minute', 1, 2],
    ['90 minutes', 'every 90 minutes', 81, 90],
    ['hourly', 'hourly', 54, 60],
    ['Hourly', 'hourly', 54, 60],
    ['2h', 'every 2 hours', 108, 118],
    ['24h', 'every 24 hours', 720, 730],
    ['pax8-hourly', 'hourly', 54, 60],
    ['mail 5min', 'every 5 minutes', 4, 5],
    ['pax8.hourly', 'hourly', 54, 60],
    ['site1.15min', 'every 15 minutes', 13, 15],
    ['m365.weekly', 'every Sunday', 720, 730],
    ['daily', 'daily', 720, 730],
    ['daily-0300', 'daily at 03:00', 720, 730],
    ['Entra_daily_2359', 'daily at 23:59', 720, 730],
    ['weekly', 'every Sunday', 720, 730],
    ['weekly-mon', 'every Monday', 720, 730],
    ['weekly-thursday-0415', 'every Thursday at 04:15', 720, 730],
    ['weekly-0415', 'every Sunday at 04:15', 720, 730],
  ])('%s is %s, stops after %i minutes and is ended after %i', (name, words, engine, task) => {
    const frequency = parseFrequency(name);
    expect(inWords(frequency)).toBe(words);
    expect(engineLimit(frequency)).toBe(engine);
    expect(taskLimit(engine)).toBe(task);
    expect(endsInTime(engine, frequency)).toBe(true);
  });

  it.each([
    '',
    '5',
    'min5',
    'fast',
    '0min',
    '25h',
    '1441m',
    'daily-2500',
    'daily-0360',
    'weekly-xyz',
    '5minx',
    'x5min',
    'monthly',
  ])('"%s" is refused', (name) => {
    expect(() => parseFrequency(name)).toThrow(expect.objectContaining({ code: 'FrequencyUnknown', exitCode: 2 }));
  });

  it('takes a time of day for a daily task only', () => {
    expect(parseFrequency('daily', '4:30')).toEqual({ kind: 'daily', at: '04:30' });
    expect(parseFrequency('daily-0300', '04:30')).toEqual({ kind: 'daily', at: '04:30' });
    expect(() => parseFrequency('5min', '04:30')).toThrow('several times a day');
    expect(() => parseFrequency('daily', 'noon')).toThrow('noon');
  });

  it('knows a limit that outlasts the next start', () => {
    expect(endsInTime(0, parseFrequency('5min'))).toBe(false);
    expect(endsInTime(5, parseFrequency('5min'))).toBe(false);
    expect(endsInTime(1, parseFrequency('1min'))).toBe(true);
  });
});

describe('last results', () => {
  it.each([
    [0, 'done'],
    [6, 'stopped at its time limit'],
    [267009, 'running now'],
    [267011, 'has not run yet'],
    [-2147024894, 'is not there'],
    [2147943726, 'password is wrong'],
    [77, 'ended with code 77 (0x4d)'],
  ])('%i is "%s"', (code, words) => expect(resultInWords(code)).toContain(words));
});
