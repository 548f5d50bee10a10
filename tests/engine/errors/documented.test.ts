import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

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
const sources = [
  ...readdirSync(`${root}node/src/errors`).map((name) => `${root}node/src/errors/${name}`),
  ...readdirSync(`${root}module/src/Errors`).map((name) => `${root}module/src/Errors/${name}`),
].map((path) => readFileSync(path, 'utf8'));
const codes = sources.flatMap((source) => [
  ...[...source.matchAll(/readonly code = '(\w+)'/g)].map(([, code]) => code ?? ''),
  ...[...source.matchAll(/: base\(\s*(?:message|"[^"]*"),\s*"(\w+)"/g)].map(([, code]) => code ?? ''),
]);

describe('docs/errors.md', () => {
  it('finds the error classes', () => expect(codes.length).toBeGreaterThan(40));

  it.each([...new Set(codes)].sort())('documents %s with its exit code', (code) => {
    const row = documented.get(code);
    expect(row).toHaveLength(6);
    expect(row?.[4]).toMatch(/^\d+$/);
    expect(row?.[5]).not.toBe('');
  });

  it('documents nothing that is not there', () => {
    const known = new Set([...codes, 'Unexpected']);
    expect([...documented.keys()].filter((code) => !known.has(code))).toEqual([]);
  });
});
