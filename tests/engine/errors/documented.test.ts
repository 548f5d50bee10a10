import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DatabaseConstraintError } from '../../../node/src/errors/database-errors.ts';
import { ExitCode, reportOf } from '../../../node/src/errors/integrator-error.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const documented = new Map(
  readFileSync(`${root}docs/errors.md`, 'utf8')
    .split('\n')
    .flatMap((line): [string, string[]][] => {
      const [, code] = /^\| `(\w+)` \|/.exec(line) ?? [];
      return code === undefined
        ? []
        : [
            [
              code,
              line
                .split('|')
                .slice(1, -1)
                .map((cell) => cell.trim()),
            ],
          ];
    }),
);
const textsIn = (folder: string): string[] =>
  readdirSync(`${root}${folder}`).map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8'));

/** What an error class says of itself; a category that depends on the case is undefined. */
interface Declared {
  readonly code: string;
  readonly category: string | undefined;
  readonly retryable: boolean;
  readonly exitCode: number;
}

const ofEngine = textsIn('node/src/errors')
  .flatMap((text) => text.split(/^export class /m).slice(1))
  .map((text): Declared => {
    const field = (name: string, value: string): string | undefined =>
      new RegExp(`readonly ${name}(?:: \\w+)? = ${value};`).exec(text)?.[1];
    return {
      code: field('code', "'(\\w+)'") ?? '',
      category: field('category', "'(\\w+)'"),
      retryable: field('retryable', '(\\w+)') === 'true',
      exitCode: ExitCode[field('exitCode', 'ExitCode\\.(\\w+)') as keyof typeof ExitCode],
    };
  });
const ofModule = textsIn('module/src/Errors')
  .flatMap((text) => [...text.matchAll(/: base\(\s*\$?(?:message|"[^"]*"),\s*"(\w+)",\s*"(\w+)",([^]*?)\)\n/g)])
  .map(([, code = '', category, rest = '']): Declared => ({
    code,
    category,
    retryable: rest.includes('retryable: true'),
    exitCode: Number(/exitCode: (\d+)/.exec(rest)?.[1] ?? ExitCode.Unexpected),
  }));
const errors = [...ofEngine, ...ofModule, { ...reportOf('nobody foresaw it') }];

describe('an error', () => {
  it.each([
    ['violates check constraint "x"', 'The database refused a row: violates check constraint "x".'],
    ['it is so.', 'The database refused a row: it is so.'],
    ['says "no."', 'The database refused a row: says "no."'],
  ])('is a sentence with an end, since its advice follows: %s', (what, message) =>
    expect(new DatabaseConstraintError(what).message).toBe(message),
  );

  it('that nobody foresaw is one too', () =>
    expect(reportOf(new Error('x is undefined')).message).toBe('x is undefined.'));
});

describe('docs/errors.md', () => {
  it('finds the error classes', () => {
    expect(ofEngine.length).toBeGreaterThan(60);
    expect(ofModule.length).toBeGreaterThan(10);
  });

  it.each(errors)('documents $code with its category and exit code', ({ code, category, retryable, exitCode }) => {
    const row = documented.get(code);
    expect(row).toHaveLength(6);
    if (category !== undefined) expect(row?.[2]).toBe(category);
    expect(row?.slice(3, 5)).toEqual([retryable ? 'yes' : 'no', String(exitCode)]);
    expect(row?.[5]).not.toBe('');
  });

  it('documents nothing that is not there', () => {
    const known = new Set(errors.map(({ code }) => code));
    expect([...documented.keys()].filter((code) => !known.has(code))).toEqual([]);
  });
});
