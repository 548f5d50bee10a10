import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compressedRtf, properties, richText, tnef } from '../tests/sandbox/mail/winmail.ts';
import { readMessage } from '../node/src/integrations/incoming-mail/read-message.ts';

// Mails that are made to cost much, each read in a process of its own: no more than a second for each MB, nor than 250 MB of memory.
const mostSeconds = 1;
const mostMegabytes = 250;

const fill = (piece: string, megabytes: number): string => piece.repeat(Math.ceil((megabytes * 1e6) / piece.length));
const head = 'From: Mara <m@x.example>\r\nTo: s@msp.example\r\nMIME-Version: 1.0\r\n';
const html = (body: string): string => `${head}Content-Type: text/html\r\n\r\n${body}\r\n`;
const text = (body: string, more = ''): string => `${head}Content-Type: text/plain\r\n${more}\r\n${body}\r\n`;
const header = (name: string, value: string): string => `${head}${name}: ${value}\r\n\r\nx\r\n`;
const folded = (piece: string, megabytes: number): string =>
  `${fill(piece, 0.0009)}\r\n `.repeat(Math.ceil(megabytes * 1000));
const parts = (part: string, count: number): string =>
  `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${`--b\r\n${part}\r\n`.repeat(count)}--b--\r\n`;
const nested = (levels: number): string =>
  head +
  Array.from({ length: levels }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join(
    '',
  ) +
  `\r\n${fill('--b\r\n', 2)}`;
const within = (levels: number): string =>
  `${head}${'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n'.repeat(levels)}\r\n${fill('words ', 3)}`;

const rich = (body: string): string => {
  const message = tnef(properties(1, richText(compressedRtf(`{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 ${body}`))));
  return `${head}Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n${message.toString('base64')}\r\n`;
};
/** Compressed RTF each of whose pieces repeats 17 bytes. */
const bomb = (): Buffer => {
  const body = Buffer.concat(Array.from({ length: 60_000 }, () => Buffer.from([0xff, ...Buffer.alloc(16, 0x0f)])));
  const compressed = compressedRtf('');
  compressed.writeUInt32LE(body.length + 12, 0);
  compressed.writeUInt32LE(body.length * 8, 4);
  return tnef(...Array.from({ length: 8 }, () => properties(1, richText(Buffer.concat([compressed, body])))));
};

/** By name, so that one can be made in another process. */
const mails: Readonly<Record<string, () => string>> = {
  'one style of brackets': () => html(`<p style="${fill('{', 3.9)}">x</p>`),
  'many styles of brackets': () => html(fill('<p style="{{{{{{">x</p>', 3.9)),
  'many good styles': () => html(fill('<p style="margin:0cm;font-size:11.0pt;color:#123456">words</p>\n', 3.9)),
  'less-than signs': () => html(fill('<', 3.9)),
  ampersands: () => html(fill('&', 3.9)),
  entities: () => html(fill('&notit;', 3.9)),
  tags: () => html(fill('<b>x</b>', 3.9)),
  'just not too many tags': () => html(`<ul>${fill('<li>words of it ', 3)}</ul>`),
  'nested tags': () => html(fill('<div>', 3.9)),
  'one tag of attributes': () => html(`<p ${Array.from({ length: 400_000 }, (_, at) => `a${at}=1`).join(' ')}>x</p>`),
  'a link of comments': () => html(`<a href="${fill('<!---->', 3.9)}">x</a>`),
  'pictures of nothing': () => html(fill('<img src="cid:a">', 3.9)),
  'HTML of 20 MB': () => html(fill('<p>words</p>', 20)),
  'HTML that never ends a tag': () => html(fill('<a href="', 3.9)),
  'words about character sets': () => text(`\u00e9${fill('charset=a ', 20)}`),
  'letters of no set': () => text(fill('\u00e9a\u00c3\u00a9', 20)),
  'letters of a wrong set': () => text(fill('\u00e9\u00ff\u0081', 20)).replace('plain', 'plain; charset=shift_jis'),
  'quoted-printable of equals signs': () => text(fill('=', 20), 'Content-Transfer-Encoding: quoted-printable\r\n'),
  'base64 of one line each letter': () => text(fill('Q\r\n', 10), 'Content-Transfer-Encoding: base64\r\n'),
  'base64 of padding': () => text(fill('QQ==\r\n', 10), 'Content-Transfer-Encoding: base64\r\n'),
  'base64 and words by turns': () =>
    text(fill(`${'QUFB'.repeat(19)}\r\nno words\r\n`, 10), 'Content-Transfer-Encoding: base64\r\n'),
  'begin of uuencode': () => text(fill('begin 644 a\r\n', 10)),
  'uuencode that never ends': () => text(`begin 644 a\r\n${fill(`M${'a'.repeat(60)}\r\n`, 20)}`),
  'flowed text': () => text(fill('words \r\n', 10)).replace('plain', 'plain; format=flowed'),
  'enriched text': () => text(fill('<bold><<<param>', 10)).replace('plain', 'enriched'),
  'a long subject': () => header('Subject', folded('words', 0.9)),
  'a subject of encoded words': () => header('Subject', folded('=?utf-8?Q?=C3?= ', 0.9)),
  'a subject of beginnings': () => header('Subject', folded('=?utf-8?Q?', 0.9)),
  'an address list': () => header('Cc', folded('a@x.example, ', 0.9)),
  'an address list of quotes': () => header('Cc', folded('"a\\"<', 0.9)),
  'a sender of brackets': () => `${folded('<', 0.9).replace(/^/, 'From: ')}\r\n\r\nx`,
  references: () => header('References', folded('<a@b> ', 0.9)),
  'references in comments': () => header('References', folded('((<a@b>) ', 0.9)),
  'a sign of programs in comments': () => header('Auto-Submitted', folded('(a)("', 0.9)),
  'headers with blanks before their colons': () => `${head}X-A : b\r\n\r\n${fill('Content-Type : a/b\r\n', 20)}`,
  'a file name of open quotes': () =>
    `${head}Content-Type: text/plain;${Array.from({ length: 5000 }, (_, at) => ` name*${at}="\\"`).join(';')}\r\n\r\nx`,
  'escapes of ISO-2022-JP': () => text(fill('\u001b$B$3\u001b(B', 10)).replace('plain', 'plain; charset=iso-2022-jp'),
  'ISO-2022-JP without end': () => text(`\u001b$B${fill('$3', 10)}`).replace('plain', 'plain; charset=iso-2022-jp'),
  'many raw names in no set': () =>
    parts('Content-Type: text/plain\r\nContent-Disposition: attachment; filename="\u00e9.txt"\r\n\r\nx', 900),
  'one header many times': () => `${head}${fill('X-A: b\r\n', 0.1)}\r\nx`,
  'a file name in pieces': () =>
    `${head}Content-Type: text/plain;${Array.from({ length: 5000 }, (_, at) => `\r\n name*${at}*=%C3`).join(';')}\r\n\r\nx`,
  'lines that look like boundaries': () => text(fill('--a\nb\n', 10)),
  'boundaries without end': () =>
    text(Array.from({ length: 400_000 }, (_, at) => `--${at}\nx boundary=${at}\n`).join('')),
  'headers that never end': () => `${head}${fill('words without a colon\r\n', 0.3)}`,
  'parts of no boundary': () =>
    `${head}Content-Type: multipart/mixed\r\n\r\n${fill('--b\r\nContent-Type: multipart/mixed\r\n\r\n', 0.04)}`,
  'parts of another boundary': () =>
    `${head}Content-Type: multipart/mixed\r\n\r\n${fill(`--b${'-'.repeat(90)}"\r\n`, 10)}`,
  'words called base64': () => text(fill('no words\u0001\r\n', 10), 'Content-Transfer-Encoding: base64\r\n'),
  'HTML of comments': () => html(`\u00e9${fill('<!--', 3.9)}`),
  'lines that end in CR': () => text(fill('words\n', 20)).replaceAll(/\r?\n/g, '\r'),
  'lines ended twice': () => text(fill('words\r\n', 20)).replaceAll('\r\n', '\r\r\n'),
  'controls of C1': () => text(fill('\u0081\u0096', 20)).replace('plain', 'plain; charset=iso-8859-2'),
  'many parts': () => parts('Content-Type: text/plain; name=a.txt\r\n\r\nx', 900),
  'many parts of HTML': () => parts(`Content-Type: text/html\r\n\r\n${fill('<p>words</p>', 0.004)}`, 900),
  'parts within parts': () => nested(900),
  'messages within messages': () => within(50),
  'rich text of groups': () => rich(fill('{}', 0.75)),
  'rich text of characters': () => rich(fill("\\'e4", 0.75)),
  'rich text nested without end': () => rich(fill('{', 0.75)),
  'rich text that unpacks to much': () =>
    `${head}Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n${bomb().toString('base64')}\r\n`,
  'a file of 40 MB': () =>
    `${head}Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n${fill(`${'QUJD'.repeat(19)}\r\n`, 55)}`,
};

interface Cost {
  /** Read, or why it was set aside. */
  readonly came: string;
  /** Of both cores. */
  readonly seconds: number;
  readonly megabytes: number;
}

/** Reads one mail here, once an ordinary one has been read, so that what the libraries take is not counted. */
async function cost(name: string): Promise<Cost> {
  const at = new Date();
  const own = { this: new Set<string>(), all: new Set<string>() };
  const ref = { id: '1', key: 'k', sent: at, received: at, size: 0, from: '', listedSubject: '', seen: false };
  const source = Buffer.from(mails[name]?.() ?? '', 'latin1');
  await readMessage(Buffer.from(html('<p style="color:red">ordinary</p>')), ref, own);
  const before = process.memoryUsage.rss();
  const begun = process.cpuUsage();
  const came = await readMessage(source, ref, own).then(
    () => 'read',
    (error: Error) => `set aside: ${error.message}`,
  );
  const { user, system } = process.cpuUsage(begun);
  return {
    came,
    seconds: (user + system) / 1e6,
    megabytes: Math.max(process.resourceUsage().maxRSS / 1024 - before / 2 ** 20, 0),
  };
}

const [only] = process.argv.slice(2);
if (only !== undefined) process.stdout.write(JSON.stringify(await cost(only)));
else {
  const figures = Object.entries(mails).map(([name, make]) => {
    const size = make().length / 1e6;
    const child = spawnSync(process.execPath, ['--no-warnings', fileURLToPath(import.meta.url), name], {
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`"${name}" ended its process: ${child.stderr.slice(-1000)}`);
    const { came, seconds, megabytes } = JSON.parse(child.stdout) as Cost;
    const fits = seconds <= mostSeconds * Math.max(size, 1) && megabytes <= mostMegabytes;
    return {
      mail: name,
      MB: size.toFixed(1),
      seconds: seconds.toFixed(2),
      'memory MB': megabytes.toFixed(0),
      fits,
      came,
    };
  });
  console.table(figures);
  if (figures.some(({ fits }) => !fits)) process.exitCode = 1;
}
