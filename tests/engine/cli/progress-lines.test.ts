import { describe, expect, it } from '@jest/globals';
import { progressLines } from '../../../node/src/cli/progress-lines.ts';
import { run } from '../runs/engine-runs.ts';

describe('what is shown on a terminal', () => {
  it('holds no steering characters of a vendor, and its own', () => {
    const written: string[] = [];
    const lines = progressLines({ rewrites: true, columns: 120, write: (text) => void written.push(text) }, false);
    const counts = { read: 1, created: 0, updated: 0, unchanged: 0, rejected: 0, deactivated: 0 };
    const names = { integration: 'Pax8', connection: 'x', entity: 'Products\u001b[1A' };
    lines.show({ type: 'progress', phase: 'reading', ...names, ...counts });
    lines.warn('The tenant \u009b2J\u001b]0;x\u0007 could\tnot be read.\r\nAgain.');
    expect(written).toEqual([
      expect.stringContaining('\r\u001b[KPax8 Products\ufffd[1A: 1 read'),
      '\r\u001b[KWarning: The tenant \ufffd2J\ufffd]0;x\ufffd could\tnot be read.\r\nAgain.\n',
    ]);
  });

  it('nor does an error', async () => {
    const { stderr } = await run('enable', 'Pax8\u001b[2J');
    expect(stderr).toContain('Pax8\ufffd[2J');
  });
});
