import { describe, expect, it } from '@jest/globals';
import type { IncomingMail } from '../../../node/src/halo-api/mail/incoming-mail.ts';
import { readMessage } from '../../../node/src/integrations/incoming-mail/read-message.ts';
import { attachment, properties, property, tnef } from '../../sandbox/mail/winmail.ts';

const at = new Date('2026-11-26T08:00:00Z');
const own = { this: new Set<string>(), all: new Set(['support@msp.example']) };

function read(source: string): Promise<IncomingMail> {
  const ref = { id: '1', key: 'k', sent: at, received: at, size: 0, from: '', listedSubject: '', seen: false };
  return readMessage(Buffer.from(source, 'latin1'), ref, own);
}

const mail = (...lines: readonly string[]): Promise<IncomingMail> => read(lines.join('\r\n'));
const withHeader = (header: string): Promise<IncomingMail> =>
  mail('From: a@x.example', header, 'Subject: s', '', 'words');
/** Bytes as a string of one character each. */
const hex = (bytes: string): string => Buffer.from(bytes, 'hex').toString('latin1');
const encodedWord = (set: string, bytes: string): string =>
  `=?${set}?B?${Buffer.from(bytes, 'latin1').toString('base64')}?=`;
const withFile = (head: string, body = 'QUJD', encoding = 'base64'): Promise<IncomingMail> =>
  mail(
    'From: a@x.example',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'words',
    '--b',
    head,
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    body,
    '--b--',
    '',
  );
const names = ({ attachments }: IncomingMail): string[] => attachments.map(({ filename }) => filename);

describe('A set whose name is in no list', () => {
  it.each([
    ['latin9', hex('a4'), '€'],
    ['Latin-9', hex('a4'), '€'],
    ['x-windows-874', hex('cac7'), 'สว'],
    ['gb18030-2000', hex('9534b235'), '𠮷'],
    ['x-euc-cn', hex('c4e3'), '你'],
    ['Big5-ETEN', hex('b17a'), '您'],
    ['5601', hex('bec8'), '안'],
    ['x-ks_c_5601', hex('bec8'), '안'],
    ['Shift_JIS-MS', hex('8365'), 'テ'],
    ['windows_1251', hex('cff0'), 'Пр'],
    ['ISO8859.5', hex('bfe0'), 'Пр'],
    ['x-utf-8-strict', hex('c3a4'), 'ä'],
  ])('%s is the one that is meant', async (set, bytes, expected) => {
    expect((await mail('From: a@x.example', `Content-Type: text/plain; charset=${set}`, '', bytes)).text).toBe(
      expected,
    );
    expect((await withHeader(`X-A: b\r\nSubject: ${encodedWord(set, bytes)}`)).subject).toBe(expected);
  });

  it('may stand in quotes in an encoded word', async () => {
    expect((await withHeader('Subject: =?"utf-8"?Q?=C3=A4?=')).subject).toBe('ä');
  });
});

describe('ISO-2022-JP', () => {
  const text = (bytes: string): Promise<IncomingMail> =>
    mail('From: a@x.example', 'Content-Type: text/plain; charset=ISO-2022-JP', '', bytes);

  it('is read where two texts were put behind each other', async () => {
    const [one, two] = ['\x1b$B$3$s\x1b(B', '\x1b$B$K$A\x1b(B'];
    expect((await text(one + two)).text).toBe('こんにち');
    const subject = `Subject: ${encodedWord('ISO-2022-JP', one)}\r\n ${encodedWord('iso-2022-jp', two)}`;
    expect((await withHeader(subject)).subject).toBe('こんにち');
  });

  it.each([
    ['letters of half width', '\x1b(I1\x1b(B', 'ｱ'],
    ['letters shifted to by a control', '\x0e1\x0f!', 'ｱ!'],
    ['JIS X 0212', '\x1b$(D0!\x1b(B', '丂'],
    ['JIS X 0201', '\x1b(Jabc\x1b(B', 'abc'],
    ['the set of 1978', '\x1b$@$3\x1b(B', 'こ'],
    ['letters of one maker', '\x1b$B-!\x1b(B', '①'],
    ['half of a letter at its end', '\x1b$B$3$', 'こ'],
    ['a line without its end', '\x1b$B$3\r\nabc', 'こ\nabc'],
  ])('has %s', async (_what, bytes, expected) => {
    expect((await text(bytes)).text).toBe(expected);
  });

  it('is another set of Japan where it has letters of eight bits', async () => {
    expect((await text(hex('83658358'))).text).toBe('テス');
  });
});

describe('Headers', () => {
  it('are read with blanks before their colons, also in parts', async () => {
    const source = await mail(
      'From : Mara <m@x.example>',
      'Subject\t: hi',
      'Content-Type : multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type : text/plain; charset=utf-8',
      'Content-Transfer-Encoding : base64',
      '',
      'w6Q=',
      '--b--',
      '',
    );
    expect(source).toMatchObject({ subject: 'hi', from: { address: 'm@x.example' }, text: 'ä' });
  });

  it('are read behind a byte order mark', async () => {
    expect(await read(`${hex('efbbbf')}From: m@x.example\r\nSubject: hi\r\n\r\nx`)).toMatchObject({
      subject: 'hi',
      from: { address: 'm@x.example' },
    });
  });

  it.each([
    ['References: <a@x> (of <not@this>) <b@x>', ['<b@x>', '<a@x>']],
    ['References: (old (mail)) <a@x>', ['<a@x>']],
    ['In-Reply-To: (your mail of Monday)', []],
    ['In-Reply-To: <a(1)@x> :)', ['<a(1)@x>']],
    ['References: <a@x> <b@x', ['<b@x>', '<a@x>']],
    ['References: <a@x> (never ended <b@x>', ['<b@x>', '<a@x>']],
  ])('%s', async (header, expected) => {
    expect((await withHeader(header)).references).toEqual(expected);
  });

  it.each([
    ['(comment) auto-replied', 'reply'],
    ['"auto-replied"', 'reply'],
    ['(auto-replied) no', 'no'],
    ['(never ended auto-replied', 'no'],
  ])('Auto-Submitted: %s', async (value, expected) => {
    expect((await withHeader(`Auto-Submitted: ${value}`)).automatic).toBe(expected);
  });

  it.each([
    ['Jane [j@x.example]', 'Jane', 'j@x.example'],
    ['Doe\\, Jane <j@x.example>', 'Doe, Jane', 'j@x.example'],
  ])('From: %s', async (header, name, address) => {
    expect((await mail(`From: ${header}`, '', 'x')).from).toEqual({ name, address });
  });
});

it('Raw letters of headers and names are in the set of the words, also where those are a part', async () => {
  const [subject, name] = [hex('f0d2c9ced4c5d2'), hex('eff4')];
  const source = await mail(
    `From: ${name} <m@x.example>`,
    `Subject: ${subject}`,
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: multipart/alternative; boundary=c',
    '',
    '--c',
    'Content-Type: text/plain; charset=koi8-r',
    '',
    hex('d4c5d3d4'),
    '--c--',
    '--b',
    `Content-Type: application/pdf; name="${name}.pdf"`,
    '',
    'x',
    '--b',
    `Content-Type: application/pdf; name="${hex('c3a4')}.pdf"`,
    '',
    'x',
    '--b--',
    '',
  );
  expect(source).toMatchObject({ subject: 'Принтер', from: { name: 'ОТ' }, text: 'тест' });
  expect(names(source)).toEqual(['ОТ.pdf', 'ä.pdf']);
});

it('A report of something else is news, whatever its subject says', async () => {
  const report = await mail(
    'Return-Path: <>',
    'From: postmaster@x.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=feedback-report; boundary=b',
    '',
    '--b',
    '',
    'words',
    '--b--',
    '',
  );
  expect(report.automatic).toBe('no');
});

it('A zero is left out of words, of which it would be the end', async () => {
  expect((await withHeader('X: y\r\nContent-Type: text/plain\r\n\r\none\0two')).text).toContain('onetwo');
});

describe('The name of a file', () => {
  it.each([
    ['without a disposition before it', 'Content-Disposition: filename="a.jpg"', 'a.jpg'],
    [
      'with a percent sign behind a piece that is escaped',
      'Content-Disposition: attachment;\r\n filename*0*=utf-8\'\'%C3%A4;\r\n filename*1=" 100%25.pdf"',
      'ä 100%25.pdf',
    ],
    [
      'with a percent sign in pieces that are not',
      'Content-Disposition: attachment;\r\n filename*0="100%25 ";\r\n filename*1="off%.pdf"',
      '100%25 off%.pdf',
    ],
  ])('%s', async (_what, head, expected) => {
    expect(names(await withFile(head))).toEqual([expected]);
  });

  it.each([
    ['in UTF-8', 'begin 644 \xc3\xa4.txt', 'ä.txt'],
    ['behind a mode of six digits', 'begin 100644 a.txt', 'a.txt'],
  ])('that uuencode wrote %s', async (_what, begin, expected) => {
    const file = await mail('From: a@x.example', '', 'words', begin, '#04)#', '`', 'end', '');
    expect(names(file)).toEqual([expected]);
    expect(Buffer.from(file.attachments[0]?.content ?? []).toString()).toBe('ABC');
  });
});

describe('A winmail.dat', () => {
  const base64 = (bytes: Buffer): string => bytes.toString('base64');

  it('is known by its beginning where a gateway has given it another name', async () => {
    const envelope = base64(tnef(attachment('a.txt', Buffer.from('ABC'))));
    expect(names(await withFile('Content-Type: application/octet-stream; name=att0001.dat', envelope))).toEqual([
      'a.txt',
    ]);
    expect(names(await withFile('Content-Type: application/octet-stream; name=other.dat'))).toEqual(['other.dat']);
  });

  it.each([
    [38598, hex('f9ec'), 'של'],
    [52936, '~{Dc~}', '你'],
    [51936, hex('c4e3'), '你'],
    [50225, '\x1b$)C\x0e>H\x0f', '안'],
    [65000, '+AOQ-', 'ä'],
  ])('is read in code page %d', async (page, bytes, expected) => {
    const number = Buffer.from([3, 0, 0xde, 0x3f, 0, 0, 0, 0]);
    number.writeUInt32LE(page, 4);
    const envelope = tnef(properties(1, number, property(0x0102, 0x1013, Buffer.from(`<p>${bytes}</p>`, 'latin1'))));
    const hidden = await mail(
      'From: a@x.example',
      'Content-Type: application/ms-tnef',
      'Content-Transfer-Encoding: base64',
      '',
      base64(envelope),
    );
    expect(hidden.html).toBe(`<p>${expected}</p>`);
  });

  it('has names that end at their end', async () => {
    const name = property(0x001f, 0x3707, Buffer.from('a.txt\0junk', 'utf16le'));
    const envelope = tnef(attachment('A~1.TXT', Buffer.from('ABC'), name));
    expect(names(await withFile('Content-Type: application/ms-tnef', base64(envelope)))).toEqual(['a.txt']);
  });
});
