import * as fs from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import type { IncomingMail } from '../../../node/src/halo-api/mail/incoming-mail.ts';
import { readMessage } from '../../../node/src/integrations/incoming-mail/read-message.ts';

const folder = fileURLToPath(new URL('../../sandbox/mail/messages/', import.meta.url));
const at = new Date('2026-11-26T08:00:00Z');
const own = { this: new Set<string>(), all: new Set(['support@msp.example']) };

function read(source: Buffer | string): Promise<IncomingMail> {
  const bytes = typeof source === 'string' ? Buffer.from(source, 'latin1') : source;
  const ref = {
    id: '1',
    key: 'k',
    sent: at,
    received: at,
    size: bytes.length,
    from: '',
    listedSubject: '',
    seen: false,
  };
  return readMessage(bytes, ref, own);
}

const stored = async (name: string): Promise<IncomingMail> => read(await fs.readFile(`${folder}${name}.eml`));
const crlf = (...lines: readonly string[]): string => lines.join('\r\n');
const words = (type: string, body: string, ...headers: readonly string[]): Promise<IncomingMail> =>
  read(crlf('From: a@x.example', `Content-Type: ${type}`, ...headers, '', body));
const quoted = 'Content-Transfer-Encoding: quoted-printable';
const base64 = 'Content-Transfer-Encoding: base64';
const mixed = (...parts: readonly string[]): Promise<IncomingMail> =>
  read(
    crlf(
      'From: a@x.example',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      ...parts.flatMap((part) => ['--b', part]),
      '--b--',
      '',
    ),
  );
const files = (mail: IncomingMail): string[][] =>
  mail.attachments.map(({ filename, content }) => [filename, Buffer.from(content).toString('latin1')]);

describe('Letters of a part', () => {
  it.each([
    ['no-charset-quoted-printable', 'Grüße: 25 € – “so” geht’s nicht'],
    ['us-ascii-base64', 'Grüße: 25 € – “so” geht’s nicht'],
    ['csv-attached', 'Zähler übergelaufen'],
    ['utf-7', 'Größe für alle'],
    ['iso-2022-kr', '프린터'],
    ['hz', '打印机坏了'],
    ['list-footer', expect.stringMatching(/^Hello from inside\.\n+_{20,}\nlist mailing list\nlist@/)],
    ['content-type-text', 'plain words'],
    ['text-enriched', 'rich words'],
  ])('%s', async (name, expected) => {
    expect((await stored(name)).text).toEqual(expected);
  });

  it.each([
    ['bulletin', '<p>Più caldo da martedì, con qualche fiocco sulle zone di confine di tutta la regione.</p>'],
    ['meta-windows-1251', '<p>Принтер не печатает</p>'],
  ])('in HTML: %s', async (name, expected) => {
    expect((await stored(name)).html).toBe(expected);
  });

  it.each([
    ['Windows-1252 called UTF-8', 'text/plain; charset=utf-8', 'Gr=F6=DFe', 'Größe'],
    ['Windows-1252 called by no name', 'text/plain; charset=x-nosuch', 'Gr=F6=DFe', 'Größe'],
    ['UTF-8 called by no set', 'text/plain', 'Gr=C3=B6=C3=9Fe', 'Größe'],
    ['UTF-8 called Latin-1', 'text/plain; charset=iso-8859-1', 'Gr=C3=B6=C3=9Fe', 'Größe'],
    ['UTF-8 called ASCII', 'text/plain; charset=us-ascii', 'Gr=C3=B6=C3=9Fe', 'Größe'],
    ['UTF-8 called Cyrillic', 'text/plain; charset=koi8-r', '=D0=BF=D1=80=D0=B8', 'при'],
    ['UTF-8 with one byte of Windows-1252', 'text/plain; charset=utf-8', 'Gr=C3=B6=DFe =E2=82=AC', 'Größe €'],
    ['Cyrillic', 'text/plain; charset=koi8-r', '=D0=D2=C9=D7=C5=D4', 'привет'],
    ['a set of DOS', 'text/plain; charset=cp850', 'Gr=94=E1e', 'Größe'],
    ['a set by an odd name', 'text/plain; charset="ISO_8859-2:1987"', 'za=BF=F3=B3=E6', 'zażółć'],
    ['Shift_JIS called ISO-2022-JP', 'text/plain; charset=iso-2022-jp', '=93=FA=96{', '日本'],
    ['UTF-16 by its mark', 'text/plain', '=FF=FEG=00r=00=FC=00n=00', 'Grün'],
    ['UTF-16', 'text/plain; charset=utf-16be', '=00G=00r=00=FC=00n', 'Grün'],
    ['UTF-7 by its short name', 'text/plain; charset=UTF-7', 'Gr+APY-e', 'Gröe'],
    ['UTF-7 with a plus of its own', 'text/plain; charset=UTF-7', '1 + 1 = 2, Gr+APY-e +', '1 + 1 = 2, Gröe +'],
    ['what looks like UTF-7 and is not called so', 'text/plain', 'Gr+APY-e', 'Gr+APY-e'],
    ['HZ with a tilde of its own', 'text/plain; charset=HZ-GB-2312', 'a~~b ~{4r~}', 'a~b 打'],
    ['Japanese called by no set', 'text/plain', '=1B$BF|K\\=1B(B', '日本'],
  ])('are read as %s', async (_what, type, body, expected) => {
    expect((await words(type, body, quoted)).text).toBe(expected);
  });

  it.each([
    [
      'the header before the HTML itself',
      'text/html; charset=koi8-r',
      '<meta charset="utf-8"><p>=D0=D2=C9</p>',
      '<p>при</p>',
    ],
    [
      'the HTML itself where the header is wrong',
      'text/html; charset=utf-8',
      '<meta charset=3D"koi8-r"><p>=D0=D2=C9</p>',
      '<p>при</p>',
    ],
    ['a declaration of XML', 'text/html', '<?xml version=3D"1.0" encoding=3D"koi8-r"?><p>=D0=D2=C9</p>', '<p>при</p>'],
    [
      'words about sets for no declaration',
      'text/html',
      '<p>charset=3Dkoi8-r Gr=FCn</p>',
      '<p>charset=koi8-r Grün</p>',
    ],
  ])('take %s', async (_what, type, body, expected) => {
    expect((await words(type, body, quoted)).html).toBe(expected);
  });

  it.each([
    ['two blocks', 'SGVsbG8gYQ==\r\nSGVsbG8gYg==', 'Hello aHello b'],
    ['a word under it', 'SGVsbG8\r\nUnsubscribe\r\n', 'Hello\nUnsubscribe'],
    ['a word under it after padding', 'SGVsbG8=\r\nThanks', 'Hello\nThanks'],
    ['a word over it', 'EXTERNAL\r\n\r\nSGVsbG8=\r\n', 'Hello\nEXTERNAL'],
    ['a last line that looks like a word', `${'QUFB'.repeat(19)}\r\nQUFB`, 'A'.repeat(60)],
    ['words under it without padding', 'SGVsbG8h\r\n\r\nThis list is quiet.', 'Hello!\nThis list is quiet.'],
    [
      'what is no base64 between whole lines',
      `${'QUFB'.repeat(19)}\r\n***\r\n${'QkJC'.repeat(19)}`,
      'A'.repeat(57) + 'B'.repeat(57),
    ],
  ])('come out of base64 with %s', async (_what, body, expected) => {
    expect((await words('text/plain', body, base64)).text).toBe(expected);
  });
});

describe('Letters of a header', () => {
  it.each([
    ['utf-8-label-latin1-bytes', 'Größe defekt'],
    ['letters-inside-an-encoded-word', 'Die Größe'],
    ['unknown-label', 'Größe'],
    ['utf-7', 'Größe fehlt'],
    ['from-latin1', 'Störung im Büro'],
  ])('%s', async (name, expected) => {
    expect((await stored(name)).subject).toBe(expected);
  });

  it.each([
    ['a letter split between words', '=?utf-8?B?R3LD?= =?utf-8?B?tg==?=', 'Grö'],
    ['words of two sets', '=?iso-8859-1?Q?=F6?=\r\n =?koi8-r?Q?=D0?=', 'öп'],
    ['a word in the midst of others', 'a =?utf-8?q?b_c?= d', 'a b c d'],
    ['a question mark in a word', '=?utf-8?Q?Why?_So?=', 'Why? So'],
    ['a word that never ends', '=?utf-8?Q?Why', '=?utf-8?Q?Why'],
    ['raw UTF-8', Buffer.from('Größe').toString('latin1'), 'Größe'],
    ['raw UTF-8 beside a word', `${Buffer.from('ö').toString('latin1')} =?utf-8?Q?=C3=9F?=`, 'ö ß'],
    ['a language behind the set', '=?utf-8*de?Q?=C3=B6?=', 'ö'],
  ])('are read with %s', async (_what, subject, expected) => {
    expect((await read(crlf('From: a@x.example', `Subject: ${subject}`, '', 'x'))).subject).toBe(expected);
  });

  it('are read in names of senders', async () => {
    expect((await stored('from-latin1')).from).toEqual({ name: 'Mär Quøll', address: 'mara.quill@fernbrook.example' });
  });
});

describe('Who a mail is from', () => {
  it.each(['from-encoded-whole', 'mailto', 'quote-never-closed', 'empty-from'])('%s', async (name) => {
    expect((await stored(name)).from).toMatchObject({
      address: 'mara.quill@fernbrook.example',
      name: expect.stringMatching(/^Mara/),
    });
  });

  it.each([
    ['Mara [mara@x.example]', 'mara@x.example'],
    ['mara@x.example (Mara)', 'mara@x.example'],
    ['Mara <SMTP:mara@x.example>', 'mara@x.example'],
    ['Mara <mailto:mara@x.example?subject=x>', 'mara@x.example'],
    ['<mara@x.example', 'mara@x.example'],
    ['"Mara" mara@x.example', 'mara@x.example'],
    ['=?utf-8?Q?Mara_=3Cmara=40x=2Eexample=3E?=', 'mara@x.example'],
    ['=?utf-8?Q?mallory=40y=2Eexample?= <mara@x.example>', 'mara@x.example'],
    ['root@server01', 'root@server01'],
    ['"quoted,local"@x.example', '"quoted,local"@x.example'],
    ['Mara <mara@xn--mnchen-3ya.example>', 'mara@münchen.example'],
    ['Mara <a b@x.example>', expect.not.stringMatching(/[\s<>]/)],
    ['"system administrator"@x.example', ''],
    ['nobody', ''],
    ['<@>', ''],
    ['@@', ''],
  ])('%s', async (value, address) => {
    expect((await read(crlf(`From: ${value}`, '', 'x'))).from.address).toEqual(address);
  });

  it('is the sender, or whom answers go to, where it names no address', async () => {
    const of = async (...lines: string[]) => (await read(crlf(...lines, '', 'x'))).from;
    expect(await of('From: Mara', 'Sender: desk@x.example')).toEqual({ address: 'desk@x.example', name: 'Mara' });
    expect(await of('From: <>', 'Reply-To: Desk <desk@x.example>')).toEqual({
      address: 'desk@x.example',
      name: 'Desk',
    });
    expect(await of('Reply-To: desk@x.example')).toMatchObject({ address: 'desk@x.example' });
  });

  it('leaves out of Cc what is no address', async () => {
    expect((await stored('cc')).cc).toEqual([{ name: '', address: 'ok@fernbrook.example' }]);
  });
});

describe('Files of a mail', () => {
  it.each([
    ['inline-log', 'see file', [['router.log', 'line one of the log\r\n']]],
    ['html-file', 'see file', [['report.html', '<table><tr><td>a file</td></tr></table>\r\n']]],
    ['x-uuencode', 'see file', [['note.bin', 'hello uu world\n']]],
    ['bidi', 'see file', [['invoicefdp.exe', 'MZ']]],
    [
      'winmail-with-mail-and-file',
      'see the mail I attach',
      [
        ['prices.txt', 'prices'],
        ['Order 17 is missing.html', '<p>the words of the attached mail</p>'],
        ['inner list.txt', 'inner file words'],
      ],
    ],
  ])('%s', async (name, text, expected) => {
    const mail = await stored(name);
    expect(mail.text).toBe(text);
    expect(files(mail)).toEqual(expected);
  });

  it('has a message that is shown as a file as well', async () => {
    const mail = await stored('certified-mail');
    expect(mail.text).toContain('inner words');
    expect(mail.attachments.map(({ filename }) => filename)).toEqual(['postacert.eml', 'inner.pdf']);
    expect(files(mail)[0]?.[1]).toMatch(/^From: Otto[^]*JVBERi0xLjQK/);
  });

  it('takes a named text in the place of words as both', async () => {
    const mail = await words('text/plain; name="note.txt"', 'the words');
    expect(mail.text).toBe('the words');
    expect(files(mail)).toEqual([['note.txt', 'the words']]);
  });

  it('takes a file out of a text that uuencode has written', async () => {
    const lines = ['before', 'begin 644 note.txt', '/:&5L;&\\@=74@=V]R;&0*', '`', 'end', 'after'];
    const mail = await words('text/plain', crlf(...lines));
    expect(mail.text).toBe('before\nafter');
    expect(files(mail)).toEqual([['note.txt', 'hello uu world\n']]);
    const talk = await words('text/plain', 'begin 644 words and\r\nmore of them\r\nend');
    expect([talk.text, talk.attachments]).toEqual(['begin 644 words and\nmore of them\nend', []]);
  });

  it.each(['uuencode', 'x-uue', 'X-UUENCODE'])('decodes %s', async (encoding) => {
    const part = crlf(
      'Content-Type: application/pdf',
      `Content-Transfer-Encoding: ${encoding}`,
      '',
      'begin 644 a.pdf',
      '#86)C',
      '`',
      'end',
    );
    expect(files(await mixed(part))).toEqual([['attachment-1.pdf', 'abc']]);
  });

  it.each([
    ['Content-Disposition: attachment; filename="a.exe. "', 'a.exe'],
    ["Content-Disposition: attachment; filename*=utf-8''%E2%81%A6a%E2%81%A9%D8%9C.exe", 'a.exe'],
    ["Content-Disposition: attachment; filename*=utf-8''Gr%F6%DFe.txt", 'Größe.txt'],
    ["Content-Disposition: attachment; filename*0*=iso-8859-1''Gr%F6; filename*1*=%DFe.txt", 'Größe.txt'],
    ['Content-Disposition: attachment; filename="=?utf-8?Q?Gr=F6=DFe.txt?="', 'Größe.txt'],
    ['Content-Disposition: attachment; filename="Gr\u00f6\u00dfe.txt"', 'Größe.txt'],
    ['Content-Type: application/pdf; name="=?koi8-r?Q?=D0?=.pdf"', 'п.pdf'],
    ['Content-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'attachment-1.xlsx'],
    ['Content-Type: image/heic', 'attachment-1.heic'],
    ['Content-Type: application/x-nobody-knows', 'attachment-1.bin'],
    ['Content-Type: application/zip', 'attachment-1.zip'],
  ])('names by %s', async (header, expected) => {
    const typed = header.startsWith('Content-Type') ? header : `Content-Type: application/octet-stream\r\n${header}`;
    expect((await mixed(crlf(typed, '', 'x'))).attachments[0]?.filename).toBe(expected);
  });

  it('keeps a winmail.dat of which something cannot be read', async () => {
    const source = await fs.readFile(`${folder}winmail-with-mail-and-file.eml`, 'latin1');
    const head = source.indexOf('base64') + 10;
    const body = source.slice(head);
    const cutOff =
      source.slice(0, head) + body.slice(0, Math.floor(body.indexOf('--') / 2)) + body.slice(body.indexOf('--') - 2);
    expect((await read(cutOff)).attachments.map(({ filename }) => filename)).toContain('winmail.dat');
  });

  it('has words where a multipart has no parts', async () => {
    expect((await words('multipart/mixed', 'words without parts')).text).toBe('words without parts');
    expect((await words('multipart/mixed; boundary=never', 'words without parts')).text).toBe('words without parts');
  });

  it('has the words of a report', async () => {
    const mail = await mixed(crlf('Content-Type: message/delivery-status', '', 'Action: failed'));
    expect([mail.text, mail.attachments]).toEqual(['Action: failed', []]);
  });
});

describe('A type that is none', () => {
  it.each(['html', 'text / html', 'text\\html', 'text/html charset=utf-8', 'TEXT/HTML, charset=utf-8'])(
    'is HTML where it says %s',
    async (type) => {
      const mail = await words(type, '<p>words</p>');
      expect([mail.html, mail.attachments]).toEqual(['<p>words</p>', []]);
    },
  );

  it('is what the name of its file says', async () => {
    const mail = await mixed(
      'Content-Type: text/plain\r\n\r\nhello',
      crlf('Content-Type: pdf; name=offer.pdf', base64, '', 'JVBERi0xLjQK'),
    );
    expect([mail.text, files(mail)]).toEqual(['hello', [['offer.pdf', '%PDF-1.4\n']]]);
  });
});

describe('What a gateway puts around base64', () => {
  it('is words over it as well as under it', async () => {
    const body = Buffer.from('Hello from inside, in a body that is long enough to be a line of its own').toString(
      'base64',
    );
    const encoded = 'text/plain\r\nContent-Transfer-Encoding: base64';
    const { text } = await words(encoded, `[EXTERNAL MAIL]\r\n\r\n${body}\r\n-- \r\na footer\r\n`);
    expect(text).toBe(
      'Hello from inside, in a body that is long enough to be a line of its own\n[EXTERNAL MAIL]\n\n-- \na footer',
    );
    expect((await words(encoded, ` ${body}\r\n`)).text).toMatch(/^Hello from inside.*own$/);
  });
});

describe('The sender of a mail', () => {
  it.each([
    ["'mara.quill@fernbrook.example'", ''],
    ['Mara <<mara.quill@fernbrook.example>>', 'Mara'],
    ['=?utf-8?B?IlF1aWxsLCBNYXJhIiA8bWFyYS5xdWlsbEBmZXJuYnJvb2suZXhhbXBsZT4=?=', 'Quill, Mara'],
    ['[mailto:mara.quill@fernbrook.example]', ''],
    ['mara.quill@fernbrook.example.', ''],
    ['<@relay.example:mara.quill@fernbrook.example>', ''],
    ['Mara <mara.quill@fernbrook.example', 'Mara'],
  ])('is read where a program writes %s', async (from, name) => {
    const mail = await read(`From: ${from}\r\nReply-To: other@x.example\r\n\r\nx`);
    expect([mail.from.address, mail.from.name]).toEqual(['mara.quill@fernbrook.example', name]);
  });
});
