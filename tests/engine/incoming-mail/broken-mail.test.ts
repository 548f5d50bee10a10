import { describe, expect, it } from '@jest/globals';
import type { IncomingMail } from '../../../node/src/halo-api/mail/incoming-mail.ts';
import { readMessage } from '../../../node/src/integrations/incoming-mail/read-message.ts';

const at = new Date('2026-11-26T08:00:00Z');
const own = { this: new Set<string>(), all: new Set<string>() };

function read(...lines: readonly string[]): Promise<IncomingMail> {
  const source = Buffer.from(lines.join('\r\n'), 'latin1');
  const ref = { id: '1', key: 'k', sent: at, received: at, size: 0, from: '', listedSubject: '', seen: false };
  return readMessage(source, ref, own);
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
const files = ({ attachments }: IncomingMail): string[][] =>
  attachments.map(({ filename, content }) => [filename, Buffer.from(content).toString('latin1')]);
const from = 'From: a@x.example';
const mixed = 'Content-Type: multipart/mixed; boundary="b"';
const file = ['Content-Type: application/zip; name=a.zip', 'Content-Transfer-Encoding: base64'];

describe('An empty line that is missing behind headers', () => {
  it.each([
    ['is blanks', [from, 'Subject: s', '  \t', 'Hello.', '', 'More.'], 'Hello.\n\nMore.'],
    ['is not there', [from, 'Subject: s', 'Hello, there is', 'more: this'], 'Hello, there is\nmore: this'],
    ['is not there before the first part', [from, mixed, '--b', '', 'Hello.', '--b--'], 'Hello.'],
    [
      'is blanks before the first part',
      [from, mixed, ' ', '--b', 'Content-Type: text/plain', '', 'Hello.', '--b--'],
      'Hello.',
    ],
    [
      'is not there in a part without headers',
      [from, mixed, '', '--b', 'Hello.', '--b', '', 'More.', '--b--'],
      'Hello.\nMore.',
    ],
    [
      'is not there in the last part',
      [from, mixed, '', '--b', 'Content-Type: text/plain', 'Hello, all.'],
      'Hello, all.',
    ],
  ])('%s', async (_what, lines, text) => {
    const mail = await read(...lines);
    expect([mail.text, mail.from.address]).toEqual([text, 'a@x.example']);
  });

  it('loses no file', async () => {
    const mail = await read(from, mixed, '', '--b', '', 'Hello.', '--b', ...file, 'UEsDBAoA', 'AAAA', '', '--b--');
    expect([mail.text, files(mail)]).toEqual(['Hello.', [['a.zip', 'PK\u0003\u0004\n\0\0\0\0']]]);
  });

  it.each([
    ['a header that is wrapped wrongly', ['Subject: one', 'two', from, '', 'words'], 'words'],
    ['a header that goes on in blanks', ['Subject: one', '   ', ' two', from, '', 'words'], 'words'],
    ['a line of a mailbox file', ['From a@x.example Mon Jan  1 00:00:00 2026', from, '', 'words'], 'words'],
    [
      'a line in the words that looks like a boundary',
      [from, '', 'words', '--b', 'no headers'],
      'words\n--b\nno headers',
    ],
  ])('is not seen in %s', async (_what, lines, text) => {
    const mail = await read(...lines);
    expect([mail.text, mail.from.address]).toEqual([text, 'a@x.example']);
  });
});

describe('Lines', () => {
  const lines = [from, mixed, '', '--b', '', 'Hello.', '--b', ...file, '', 'UEsDBAo=', '--b--', ''];
  it.each([
    ['that end in LF', lines.join('\n')],
    ['that end in CR', lines.join('\r')],
    ['that were ended twice', lines.join('\r\r\n')],
    ['that are empty before the headers', `\r\n\r\n${lines.join('\r\n')}`],
    ['without headers above them', ['Hello,', 'no headers', '', 'at all'].join('\r\n')],
  ])('%s are read', async (_what, source) => {
    const mail = await read(source);
    expect([mail.text, mail.attachments.length]).toEqual(
      source.includes('--b') ? ['Hello.', 1] : ['Hello,\nno headers\n\nat all', 0],
    );
  });
});

describe('Parts', () => {
  const parts = ['--x', 'Content-Type: text/plain', '', 'Hello.', '--x', ...file, '', 'UEsDBAo=', '--x--'];
  it.each([
    ['whose boundary is not named', 'multipart/mixed'],
    ['whose boundary is another', 'multipart/mixed; boundary=y'],
    ['whose boundary is in the wrong quotes', "multipart/mixed; boundary='x'"],
    ['of a type without its second half', 'multipart; boundary=x'],
    ['of another type', 'text/plain; boundary=x'],
  ])('%s are read', async (_what, type) => {
    const mail = await read(from, `Content-Type: ${type}`, '', ...parts);
    expect([mail.text, files(mail)]).toEqual(['Hello.', [['a.zip', 'PK\u0003\u0004\n']]]);
  });

  it('have their words where there are none', async () => {
    expect((await read(from, 'Content-Type: multipart/mixed', '', '-- ', 'Hello.')).text).toBe('-- \nHello.');
  });

  it('may hold a file that uuencode has written as base64', async () => {
    const mail = await read(from, '', 'Hello.', 'begin-base64 644 a.txt', 'YWJj', 'ZGVm', '====', 'More.');
    expect([mail.text, files(mail)]).toEqual(['Hello.\nMore.', [['a.txt', 'abcdef']]]);
  });
});

describe('A text that is not what it is called', () => {
  it.each([
    [
      'words called base64',
      'us-ascii',
      'base64',
      'These are words, not code.\r\nReally, they are.',
      'These are words, not code.\nReally, they are.',
    ],
    ['short code with words under it', 'iso-8859-1', 'base64', 'R3L832U=\r\n-- \r\nThe list.', 'Grüße\n-- \nThe list.'],
    ['Windows-1252 through UTF-8', 'utf-8', '8bit', '25 \u00c2\u0080 \u00c2\u0096 so', '25 € – so'],
    ['Windows-1250 called Latin-2', 'iso-8859-2', '8bit', '\u008aum\u009e \u0084a\u0094', 'Šumž „a”'],
    ['Windows-1252 called Latin-9', 'iso-8859-15', '8bit', '\u0093so\u0094 \u00a4', '“so” €'],
    ['UTF-16 with half a letter', 'utf-16le', 'base64', 'RwByAPwAbgAg', 'Grün'],
    ['UTF-16 with its mark and half a letter', 'utf-16', 'base64', '//5HAHIA/ABuACA=', 'Grün'],
    ['UTF-8 called UTF-16', 'utf-16', '8bit', utf8('Größe 25 €'), 'Größe 25 €'],
    ['UTF-8 called a set of DOS', 'cp437', '8bit', utf8('Größe'), 'Größe'],
    ['Windows-1252 called by a name for nothing', 'x-user-defined', '8bit', 'Gr\u00f6\u00dfe', 'Größe'],
    ['Korean beyond EUC-KR', 'euc-kr', 'base64', 'jGO55g==', '똠방'],
    ['Korean by another name', 'uhc', 'base64', 'x8G4sMXN', '프린터'],
    ['Chinese of Hong Kong', 'big5', 'base64', '+0id+A==', '嘅啲'],
    ['Japanese by a longer name', 'iso-2022-jp-ms', '7bit', '\u001b$BF|K\\\u001b(B', '日本'],
    ['UTF-8 with a byte at its end that begins no letter', 'utf-8', '8bit', `${utf8('Größe')} \u00ff`, 'Größe ÿ'],
    ['UTF-8 that was cut off in a letter', 'utf-8', '8bit', `${utf8('Größe')}\u00e2\u0082`, 'Größe'],
  ])('%s', async (_what, set, encoding, body, text) => {
    const mail = await read(
      from,
      `Content-Type: text/plain; charset=${set}`,
      `Content-Transfer-Encoding: ${encoding}`,
      '',
      body,
    );
    expect(mail.text).toBe(text);
  });
});

describe('Letters of a header that say no set', () => {
  const raw = '\u00d0\u00d2\u00c9';
  it.each([
    ['are in the one of the words', 'text/plain; charset=koi8-r', raw, 'при'],
    ['are UTF-8 where they are that', 'text/plain; charset=gb18030', utf8('Größe'), 'Größe'],
    ['are Windows-1252 where the words are in UTF-8', 'text/plain; charset=utf-8', 'Gr\u00f6\u00dfe', 'Größe'],
    [
      'are Windows-1252 where parts have sets of their own',
      'multipart/mixed; charset=koi8-r; boundary=b',
      'Gr\u00f6\u00dfe',
      'Größe',
    ],
    ['lose controls', 'text/plain', 'Gr\u0003\u00f6=?us-ascii?Q?=00=1B?=\u00dfe', 'Größe'],
    ['are what an encoded word says', 'text/plain; charset=koi8-r', '=?iso-8859-1?Q?Gr=F6=DFe?=', 'Größe'],
  ])('%s', async (_what, type, text, expected) => {
    const mail = await read(
      `From: "${text}" <a@x.example>`,
      `Subject: ${text}`,
      `Cc: ${text} <c@x.example>`,
      `Content-Type: ${type}`,
      '',
      'x',
    );
    expect([mail.subject, mail.from.name, mail.cc[0]?.name]).toEqual([expected, expected, expected]);
  });
});

describe('The set that HTML names', () => {
  it.each([
    ['in a comment is none', '<!-- <meta charset=koi8-r> --><meta charset="windows-1251">'],
    ['counts behind a long style, too', `<style>${'p{}'.repeat(3000)}</style><meta charset="windows-1251">`],
  ])('%s', async (_what, head) => {
    const mail = await read(from, 'Content-Type: text/html', '', `${head}<p>\u00cf\u00f0\u00e8</p>`);
    expect(mail.html).toBe('<p>При</p>');
  });
});

describe('A mail that is nothing but messages', () => {
  const inner = ['From: otto@y.example', 'Subject: inner', '', 'inner words'];

  it.each([
    ['one', ['Content-Type: message/rfc822', '', ...inner], 1],
    [
      'a digest',
      [
        'Content-Type: multipart/digest; boundary=b',
        '',
        '--b',
        '',
        ...inner,
        '--b',
        'Content-Type: message/rfc822',
        '',
        ...inner,
        '--b--',
      ],
      2,
    ],
  ])('shows what they say: %s', async (_what, lines, count) => {
    const mail = await read(from, ...lines);
    expect(mail.text.match(/From: otto@y\.example\nSubject: inner\n+inner words/g)).toHaveLength(count);
    expect(mail.attachments).toHaveLength(count);
  });
});

describe('Cc', () => {
  it('has addresses without commas between them', async () => {
    const { cc } = await read(from, 'Cc: <a@x.example> <b@x.example>', '', 'x');
    expect(cc.map(({ address }) => address)).toEqual(['a@x.example', 'b@x.example']);
  });
});

describe('The sender', () => {
  it.each(['mara@x.example>', 'mara@localhost>', 'Mara mara@x.example>'])('is read in %s', async (written) => {
    const { address } = (await read(`From: ${written}`, '', 'x')).from;
    expect(address).toMatch(/^mara@(x\.example|localhost)$/);
  });
});
