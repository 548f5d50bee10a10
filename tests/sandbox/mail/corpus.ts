import { compose, leaf, multipart } from './compose.ts';
import { sealed } from './sealed.ts';
import { winmail } from './winmail.ts';

/** A message that is hard to read, and what it is called. */
export interface CorpusMail {
  readonly name: string;
  readonly source: Buffer;
}

const from = 'From: Ben Osei <ben.osei@alderfinch.example>\r\nTo: support@msp.example\r\n';
const dated = 'Date: Fri, 20 Nov 2026 09:30:00 +0000\r\nMIME-Version: 1.0\r\n';

function head(name: string, extra = ''): Buffer {
  return Buffer.from(
    `${from}Subject: ${name}\r\nMessage-ID: <${name.replaceAll(' ', '-')}@corpus.example>\r\n${dated}${extra}`,
  );
}

function raw(name: string, ...parts: readonly (Buffer | string)[]): CorpusMail {
  return { name, source: Buffer.concat([head(name), ...parts.map((part) => Buffer.from(part))]) };
}

/** A picture of one pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Messages as people's programs write them, and some as none should. */
export function corpus(): readonly CorpusMail[] {
  const text = (words: string): Buffer => leaf('text/plain; charset=utf-8', Buffer.from(words));
  const html = (words: string): Buffer => leaf('text/html; charset=utf-8', Buffer.from(words));
  const nested = (depth: number): Buffer =>
    depth === 0 ? text('at the bottom') : multipart('mixed', [nested(depth - 1), text(`level ${depth}`)]);
  const forwarded = compose({
    subject: 'the forwarded one',
    text: 'inner words',
    files: [{ filename: 'inner.txt', content: 'x' }],
  });
  return [
    raw('alternative', multipart('alternative', [text('plain words'), html('<p>rich words</p>')])),
    raw('html only', html('<html><body><h1>Title</h1><p>only rich words</p></body></html>')),
    raw('nested deep', nested(20)),
    raw(
      'forwarded',
      multipart('mixed', [
        text('see below'),
        Buffer.concat([
          Buffer.from(
            'Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="forwarded.eml"\r\n\r\n',
          ),
          forwarded,
        ]),
      ]),
    ),
    raw(
      'signed',
      Buffer.from(
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="sig"\r\n\r\n--sig\r\n',
      ),
      text('signed words'),
      '\r\n--sig\r\n',
      leaf('application/pkcs7-signature; name="smime.p7s"', Buffer.from('MIAG'), [
        'Content-Disposition: attachment; filename="smime.p7s"',
      ]),
      '\r\n--sig--\r\n',
    ),
    raw('sealed', leaf('application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"', sealed.streamed)),
    raw('encrypted', leaf('application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', sealed.encrypted)),
    raw(
      'picture',
      multipart('related', [
        html('<p>look: <img src="cid:pic@1" alt="a dot"></p>'),
        leaf('image/png', pixel, ['Content-ID: <pic@1>', 'Content-Disposition: inline; filename="dot.png"']),
      ]),
    ),
    raw(
      'wrong charset',
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n',
      Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x6f, 0x70, 0x65, 0x6e]),
    ),
    raw('unknown charset', 'Content-Type: text/plain; charset=x-no-such-thing\r\n\r\nstill words\r\n'),
    raw(
      'japanese',
      'Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n',
      Buffer.from('1b244224336c4b5c381b2842', 'hex'),
    ),
    raw('raw bytes in the subject \u00e9'.normalize(), 'Content-Type: text/plain\r\n\r\nwords\r\n'),
    raw(
      'bad base64',
      'Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!not base64 at all***\r\n',
    ),
    raw(
      'no end boundary',
      'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ncut off here',
    ),
    raw('missing boundary', 'Content-Type: multipart/mixed\r\n\r\nwords without parts\r\n'),
    raw('empty', '\r\n'),
    { name: 'only a subject', source: Buffer.from('Subject: only a subject\r\n\r\n') },
    { name: 'nothing at all', source: Buffer.from('\r\n') },
    { name: 'no line ends', source: Buffer.from('this was never a message') },
    raw('nul bytes', 'Content-Type: text/plain\r\n\r\nbefore\0after\r\n'),
    {
      name: 'group',
      source: Buffer.from(
        `From: undisclosed: ;\r\nTo: Team: a@x.example, b@x.example;\r\nSubject: group\r\n${dated}\r\nwords`,
      ),
    },
    {
      name: 'odd addresses',
      source: Buffer.from(
        `From: "O'Neil, \\"Pat\\" <x>" <pat@x.example>\r\nTo: @@, <>, nobody\r\nCc: ,,,\r\nSubject: odd addresses\r\n${dated}\r\nwords`,
      ),
    },
    { name: 'no date', source: compose({ subject: 'no date', date: null }) },
    {
      name: 'impossible date',
      source: compose({ subject: 'impossible date', date: 'Fri, 99 Foo 0000 99:99:99 +9999' }),
    },
    { name: 'far future', source: compose({ subject: 'far future', date: 'Fri, 20 Nov 9999 09:30:00 +0000' }) },
    { name: 'long subject', source: compose({ subject: `long subject ${'\u{1f600}'.repeat(3000)}` }) },
    { name: 'long id', source: compose({ subject: 'long id', messageId: `<${'i'.repeat(900)}@x.example>` }) },
    {
      name: 'evil file names',
      source: compose({
        subject: 'evil file names',
        files: [
          { filename: '..\\\\..\\\\windows\\\\win.ini', content: 'a' },
          { filename: '/etc/passwd', content: 'b' },
          { content: 'c' },
        ],
      }),
    },
    {
      name: 'calendar',
      source: compose({
        subject: 'calendar',
        files: [{ contentType: 'text/calendar', content: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR' }],
      }),
    },
    {
      name: 'tnef',
      source: compose({
        subject: 'tnef',
        files: [{ filename: 'winmail.dat', contentType: 'application/ms-tnef', content: winmail() }],
      }),
    },
    {
      name: 'script',
      source: compose({
        subject: 'script',
        html: '<p>ok</p><script>steal()</script><a href="javascript:steal()">x</a><img src=x onerror=steal()><iframe src="https://x"></iframe><form action="https://x"><input name=p></form><style>body{display:none}</style><svg onload=steal()><object data=x>',
      }),
    },
  ];
}
