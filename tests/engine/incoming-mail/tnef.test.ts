import { describe, expect, it, jest } from '@jest/globals';
import { readTnef } from '../../../node/src/integrations/incoming-mail/tnef.ts';
import {
  attachment,
  attribute,
  compressedRtf,
  method,
  properties,
  property,
  richText,
  tnef,
  winmail,
} from '../../sandbox/mail/winmail.ts';

describe('A winmail.dat', () => {
  it('gives its files with their long names and its HTML', () => {
    const content = Buffer.from([1, 2, 3]);
    expect(readTnef(winmail({ name: 'übersicht.bin', content }))).toEqual({
      html: '<p>hidden <b>words</b></p>',
      text: '',
      whole: true,
      files: [{ filename: 'übersicht.bin', content: new Uint8Array([1, 2, 3]) }],
    });
  });

  it('is read as far as it goes when it is cut off anywhere, and never beyond', () => {
    const whole = winmail();
    for (let length = 0; length < whole.length; length++) {
      const read = readTnef(whole.subarray(0, length));
      if (length < 6) expect(read).toBeUndefined();
      else expect(read?.files.length).toBeLessThanOrEqual(1);
    }
  });

  it('survives any byte being another one', () => {
    const whole = winmail();
    for (let at = 6; at < whole.length; at++)
      for (const byte of [0, 0xff, 0x80]) {
        const broken = Buffer.from(whole);
        broken[at] = byte;
        expect(() => readTnef(broken)).not.toThrow();
      }
  });

  it('is none without its signature', () => {
    expect(readTnef(Buffer.from('PK this is a zip'))).toBeUndefined();
  });
});

const encapsulated = String.raw`{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}\uc1\pard\plain\f0\fs24
{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Gr\'fc\'dfe \u1087?{\*\htmltag84 <b>}\htmlrtf {\b\htmlrtf0 fett &amp;{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0
{\*\htmltag72 </p>}}`;

describe('The rich text of a winmail.dat', () => {
  const read = (rtf: string): ReturnType<typeof readTnef> =>
    readTnef(tnef(properties(1, richText(compressedRtf(rtf)))));

  it('is unpacked as Microsoft’s own example is', () => {
    const example = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    );
    expect(readTnef(tnef(properties(1, richText(example))))).toMatchObject({ text: 'hello world', whole: true });
  });

  it('is the HTML that was put into it', () => {
    expect(read(encapsulated)).toMatchObject({ html: '<p>Grüße п<b>fett &amp;</b></p>', whole: true });
    expect(read(encapsulated)?.rich).toBeUndefined();
  });

  it('is the text that was put into it', () => {
    const rtf = String.raw`{\rtf1\ansi\ansicpg1252\fromtext \deff0{\fonttbl{\f0\fswiss Arial;}}\pard W\'f6rter\par }`;
    expect(read(rtf)).toMatchObject({ html: '', text: 'Wörter\r\n' });
  });

  it('is its own words, in the sets of its fonts, without what is no text', () => {
    const rtf = String.raw`{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fswiss\fcharset204 Arial;}{\f1\fnil\fcharset128 MS Gothic;}}{\info{\title None}}{\stylesheet{\s0 Normal;}}
\pard\f0 \'cf\'f0\'e8\'e2\'e5\'f2 {\b bold}\par \f1\'8a\'bf\'8e\'9a\f0  {\pict\wmetafile8 0102}\{x\}{\field{\*\fldinst{HYPERLINK "http://x.example"}}{\fldrslt{link}}}}`;
    expect(read(rtf)?.text).toBe('Привет bold\r\n漢字 {x}link');
  });

  it('gives way to HTML and goes before nothing', () => {
    const html = property(0x0102, 0x1013, Buffer.from('<p>html</p>'));
    expect(readTnef(tnef(properties(1, html, richText(compressedRtf(encapsulated)))))?.html).toBe('<p>html</p>');
  });

  it.each([
    ['cut off', compressedRtf(encapsulated).subarray(0, 100)],
    [
      'of no kind there is',
      Buffer.from(compressedRtf(encapsulated).toString('latin1').replace('LZFu', 'LZFx'), 'latin1'),
    ],
    ['too long', compressedRtf(`{\\rtf1 ${'x'.repeat(1024 * 1024)}}`)],
  ])('is told as lost where it is %s', (_how, compressed) => {
    expect(readTnef(tnef(properties(1, richText(compressed))))).toMatchObject({ html: '', text: '', whole: false });
  });

  it('stays rich text where it is nested without end', () => {
    const rtf = `{\\rtf1 ${'{'.repeat(100_000)}words`;
    expect(Buffer.from(read(rtf)?.rich ?? []).toString('latin1')).toBe(rtf);
  });

  it('takes no more room than it has, and tells the console nothing', () => {
    const told = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    const rtf = String.raw`{\rtf1\ansi words\'zz \\'4 \bin2000000000 x`;
    expect(read(rtf)?.text).toContain('words');
    expect(told).not.toHaveBeenCalled();
    told.mockRestore();
  });

  it('survives any byte being another one', () => {
    const whole = tnef(properties(1, richText(compressedRtf(encapsulated))));
    for (let at = 6; at < whole.length; at++)
      for (const byte of [0, 0xff, 0x80]) {
        const broken = Buffer.from(whole);
        broken[at] = byte;
        expect(() => readTnef(broken)).not.toThrow();
      }
  });

  it.each([
    ['html', encapsulated, '<p>Grüße п<b>fett &amp;</b></p>'],
    ['rtf', String.raw`{\rtf1 plain rich}`, String.raw`{\rtf1 plain rich}`],
  ])('of a mail attached to the mail is a file of %s', (ending, rtf, expected) => {
    const inner = tnef(properties(1, richText(compressedRtf(rtf))));
    const object = property(0x000d, 0x3701, Buffer.concat([Buffer.alloc(16), inner]));
    const name = property(0x001f, 0x3001, Buffer.from('Order 17\0', 'utf16le'));
    const outer = readTnef(tnef(attachment('', Buffer.from('a picture'), method(5), object, name)));
    const files = outer?.files.map(({ filename, content }) => [filename, Buffer.from(content).toString()]);
    expect(files).toEqual([[`Order 17.${ending}`, expected]]);
    expect(outer?.whole).toBe(true);
  });
});

describe('Texts of a winmail.dat that are not in UTF-16', () => {
  const codePage = (number: number): Buffer => {
    const data = Buffer.alloc(8);
    data.writeUInt32LE(number);
    return attribute(1, 0x00069007, data);
  };
  const cyrillic = '\xcf\xf0\xe8\xe2\xe5\xf2';

  it('are in the code page that it names, or read by their own bytes', () => {
    const named = readTnef(
      tnef(
        codePage(1251),
        properties(1, property(0x001e, 0x1000, Buffer.from(`${cyrillic}\0`, 'latin1'))),
        attachment(`${cyrillic}.txt`, Buffer.from('x')),
        attachment('8', Buffer.from('x'), property(0x001e, 0x3707, Buffer.from(`${cyrillic}.doc\0`, 'latin1'))),
      ),
    );
    expect([named?.text, ...(named?.files.map(({ filename }) => filename) ?? [])]).toEqual([
      'Привет',
      'Привет.txt',
      'Привет.doc',
    ]);
    expect(readTnef(tnef(attachment('Gr\xfc\xdfe.txt', Buffer.from('x'))))?.files[0]?.filename).toBe('Grüße.txt');
  });

  it('are the words where it has them as an attribute alone', () => {
    expect(readTnef(tnef(attribute(1, 0x0002800c, Buffer.from('old words\0'))))?.text).toBe('old words');
  });

  it('are read as HTML names itself where no code page is told', () => {
    const html = `<meta charset="koi8-r"><p>\xd0</p>`;
    expect(readTnef(tnef(properties(1, property(0x0102, 0x1013, Buffer.from(html, 'latin1')))))?.html).toContain(
      '<p>п</p>',
    );
  });
});
