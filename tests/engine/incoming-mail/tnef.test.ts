import { describe, expect, it } from '@jest/globals';
import { readTnef } from '../../../node/src/integrations/incoming-mail/tnef.ts';
import { winmail } from '../../sandbox/mail/corpus.ts';

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
