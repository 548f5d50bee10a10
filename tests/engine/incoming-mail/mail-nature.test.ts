import { describe, expect, it } from '@jest/globals';
import { automaticOf, ignoredBecause } from '../../../node/src/integrations/incoming-mail/mail-nature.ts';

function nature(
  headers: Record<string, string>,
  more: { subject?: string; answers?: boolean; from?: string; report?: string } = {},
) {
  return automaticOf({
    headers: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])),
    from: more.from ?? 'ben@x.example',
    subject: more.subject ?? 'Hello',
    answersSomething: more.answers === true,
    report: more.report,
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
    ['a mail system that may not be answered', { 'Return-Path': '<>' }, { subject: 'Undeliverable: Hello' }, 'reply'],
    ['Exchange by its own address', {}, { from: `microsoftexchange${'0a'.repeat(16)}@x.example` }, 'reply'],
    ['a postmaster about a mail', {}, { from: 'postmaster@x.example', subject: 'DELIVERY FAILURE: no user' }, 'reply'],
    ['a mail system without an address', { From: 'MAILER-DAEMON (Mail Delivery System)' }, { from: '' }, 'reply'],
    [
      'a mail system by its words',
      { From: 'Mail Delivery System <x@y.example>' },
      { subject: 'Delivery status notification' },
      'reply',
    ],
    ['a postmaster who is a person', {}, { from: 'postmaster@x.example', subject: 'We cannot send mail' }, 'no'],
    ['an old autoresponder', { 'X-POST-MessageClass': '9; Autoresponder' }, {}, 'reply'],
    ['a report on delivery', { 'Return-Path': '<>' }, { report: 'delivery-status' }, 'reply'],
    ['a report on reading', {}, { report: 'disposition-notification' }, 'reply'],
    ['a report without a type', {}, { report: 'message/delivery-status' }, 'reply'],
    ['a report of abuse', {}, { report: 'feedback-report' }, 'no'],
    ['a report on a domain’s mail', { 'Return-Path': '<>' }, { report: 'tlsrpt' }, 'no'],
    ['a tracker that goes on', { 'Auto-Submitted': 'auto-generated' }, { answers: true }, 'generated'],
    [
      'a tracker that wants no answer',
      { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Return-Path': '<>' },
      { answers: true, subject: 'Automation: a job has failed' },
      'generated',
    ],
    // Mail trouble, and people who are away, are what people write to a help desk about.
    ['a person about mail', {}, { subject: 'Mail delivery failed when I write to our supplier' }, 'no'],
    ['a person about a bounce', {}, { subject: 'Undeliverable: what is this?', answers: true }, 'no'],
    ['a person about an absence', {}, { subject: 'Out of office: how do I set it up?' }, 'no'],
    ['a person in German', {}, { subject: 'Automatische Antwort: wie geht das?' }, 'no'],
    [
      'a person who quotes it from a helpdesk',
      { 'X-Auto-Response-Suppress': 'All' },
      { subject: 'RE: Automatic reply: Hello', answers: true },
      'no',
    ],
  ] as const)('%s', (_who, headers, more, expected) => {
    expect(nature(headers, more)).toBe(expected);
  });

  it.each([
    'Automatic reply: x',
    'Automatische Antwort: x',
    'R\u00e9ponse automatique : x',
    'Re\u0301ponse automatique\u00a0: x',
    'Automatisch antwoord: x',
    'Automatisk svar: x',
    'Automatiskt svar: x',
    'Automatyczna odpowied\u017a: x',
    'Automaattinen vastaus: x',
    'Automatick\u00e1 odpov\u011b\u010f: x',
    '\u0410\u0432\u0442\u043e\u043c\u0430\u0442\u0438\u0447\u0435\u0441\u043a\u0438\u0439 \u043e\u0442\u0432\u0435\u0442: x',
    '\u81ea\u52a8\u7b54\u590d: x',
    '\u81ea\u52d5\u56de\u8986\uff1ax',
    'AUTO: Mara Quill is out of the office (returning Monday)',
  ])('is Exchange for somebody away, by its headers and %s', (subject) => {
    const pair = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };
    expect(nature(pair, { subject })).toBe('reply');
    expect(nature({}, { subject, answers: true })).toBe('no');
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
