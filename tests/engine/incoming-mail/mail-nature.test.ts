import { describe, expect, it } from '@jest/globals';
import { automaticOf, ignoredBecause } from '../../../node/src/integrations/incoming-mail/mail-nature.ts';

function nature(headers: Record<string, string>, more: { subject?: string; answers?: boolean; from?: string } = {}) {
  return automaticOf({
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
    from: more.from ?? 'ben@x.example',
    subject: more.subject ?? 'Hello',
    answersSomething: more.answers === true,
    isReport: false,
  });
}

describe('Who wrote a mail', () => {
  it.each([
    ['a person', {}, {}, 'no'],
    ['a person on a mailing list', { Precedence: 'list', 'List-Id': '<people.x.example>' }, {}, 'no'],
    // What people write from another helpdesk carries it as well, so it decides nothing.
    ['a person from a helpdesk', { 'X-Auto-Response-Suppress': 'All' }, { answers: true }, 'no'],
    ['a vacation program', { 'Auto-Submitted': 'auto-replied (vacation)' }, {}, 'reply'],
    ['a vacation program that counts', { 'Auto-Submitted': 'auto-replied; owner-email="x"' }, {}, 'reply'],
    [
      'Exchange for somebody away',
      { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      { answers: true, subject: 'Automatic reply: Help' },
      'reply',
    ],
    ['a monitoring program', { 'Auto-Submitted': 'auto-generated' }, {}, 'generated'],
    ['a program that says it is none', { 'Auto-Submitted': 'no', 'X-Autoreply': 'no' }, {}, 'no'],
    ['an older vacation program', { Precedence: 'auto_reply' }, {}, 'reply'],
    ['another older one', { 'X-Autorespond': 'yes' }, {}, 'reply'],
    ['a newsletter', { Precedence: 'bulk' }, {}, 'bulk'],
    ['a mail system', { 'Return-Path': '<>' }, {}, 'reply'],
    ['a mail system by its name', {}, { from: 'mailer-daemon@x.example' }, 'reply'],
    ['a mail program in German', {}, { subject: 'Automatische Antwort: Urlaub' }, 'reply'],
  ] as const)('%s', (_who, headers, more, expected) => {
    expect(nature(headers, more)).toBe(expected);
  });

  it('is ourselves by address or by X-Loop, and a mail that goes in circles is told by its stations', () => {
    const own = { this: new Set(['a@msp.example']), all: new Set(['a@msp.example', 'b@msp.example']) };
    const headers = (name: string, values: string[]) => new Map([[name, values]]);
    const none = new Map<string, string[]>();
    expect(ignoredBecause({ headers: none, from: 'a@msp.example' }, own)).toContain('itself');
    expect(ignoredBecause({ headers: none, from: 'b@msp.example' }, own)).toBeUndefined();
    expect(ignoredBecause({ headers: headers('x-loop', ['B@msp.example']), from: 'c@x.example' }, own)).toContain(
      'Loop',
    );
    const many = Array.from({ length: 51 }, () => 'from x');
    expect(ignoredBecause({ headers: headers('received', many), from: 'c@x.example' }, own)).toContain('circles');
  });
});
