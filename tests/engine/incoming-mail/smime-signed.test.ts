import { describe, expect, it } from '@jest/globals';
import { signedContent } from '../../../node/src/integrations/incoming-mail/smime-signed.ts';
import { sealed } from '../../sandbox/mail/sealed.ts';

describe('A signed S/MIME message', () => {
  it.each(['signed', 'streamed'] as const)('gives the message inside it (%s)', (kind) => {
    expect(signedContent(sealed[kind])?.toString()).toContain('words under seal');
  });

  it('is told from an encrypted one and from anything else', () => {
    expect(signedContent(sealed.encrypted)).toBeUndefined();
    expect(signedContent(Buffer.from('not at all'))).toBeUndefined();
    expect(signedContent(Buffer.alloc(0))).toBeUndefined();
  });

  it('survives being cut off, being deeply nested, and any byte being another one', () => {
    for (const whole of [sealed.signed, sealed.streamed]) {
      for (let length = 0; length < whole.length; length += 3)
        expect(() => signedContent(whole.subarray(0, length))).not.toThrow();
      for (let at = 0; at < whole.length; at++) {
        const broken = Buffer.from(whole);
        broken[at] = (whole[at] ?? 0) ^ 0x80;
        expect(() => signedContent(broken)).not.toThrow();
      }
    }
    expect(signedContent(Buffer.alloc(100_000, Buffer.from([0x30, 0x80])))).toBeUndefined();
  });
});
