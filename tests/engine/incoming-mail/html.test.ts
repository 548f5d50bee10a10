import { describe, expect, it } from '@jest/globals';
import { cleanHtml, embedPictures } from '../../../node/src/integrations/incoming-mail/html-body.ts';
import { htmlText, nestingDepth } from '../../../node/src/integrations/incoming-mail/html-text.ts';
import { pixel } from '../../sandbox/mail/corpus.ts';

describe('The HTML of a mail', () => {
  it.each([
    ['<p onclick="x()">a</p>', '<p>a</p>'],
    ['<a href="javascript:x()">a</a>', '<a>a</a>'],
    ['<a href="JaVaScRiPt&#58;x()">a</a>', '<a>a</a>'],
    ['<a href="https://example.com/?a=1&amp;b=2">a</a>', '<a href="https://example.com/?a=1&amp;b=2">a</a>'],
    ['<img src="data:text/html,<script>">', '<img />'],
    ['<img src=" data:image/svg+xml;base64,PHN2Zz4=" alt="a">', '<img alt="a" />'],
    ['<img src="data:image/png;base64,iVBO//+=" onload="x()">', '<img src="data:image/png;base64,iVBO//+=" />'],
    ['<a href="data:image/png;base64,iVBO">a</a>', '<a>a</a>'],
    [`<img src="data:image/png;base64,${'A'.repeat(800_000)}" alt="large">`, '<img alt="large" />'],
    ['<img src="cid:a@b" onerror="x()">', '<img src="cid:a@b" />'],
    ['<p style="color:red;position:fixed;background:url(https://x)">a</p>', '<p style="color:red">a</p>'],
    ['<style>p{}</style><script>x()</script>a', 'a'],
    ['<svg><script>x()</script></svg><math><mtext></mtext></math>a', 'a'],
    ['<base href="https://x"><meta http-equiv="refresh" content="0;url=https://x">a', 'a'],
    ['<!--[if mso]><p>office</p><![endif]-->a', 'a'],
    ['<table><tr><td colspan="2">a</td></tr></table>', '<table><tr><td colspan="2">a</td></tr></table>'],
  ])('%s', (html, clean) => {
    expect(cleanHtml(html)).toBe(clean);
  });

  it('is not cleaned where it is nested or long beyond reason, and its words are kept', () => {
    const deep = `${'<div>'.repeat(100_000)}deep down`;
    expect(nestingDepth(deep)).toBe(100_000);
    expect(cleanHtml(deep)).toBe('');
    expect(htmlText(deep)).toBe('deep down');
    expect(cleanHtml('<p>x</p>'.repeat(1_000_000))).toBe('');
    expect(nestingDepth('<p>a<p>b<br><li>c<li>d'.repeat(1000))).toBe(0);
  });

  it('gives its words line by line', () => {
    expect(htmlText('<p>Hello &amp; welcome</p><ul><li>one</li><li>two</li></ul>a<br />b')).toBe(
      'Hello & welcome\n\n- one\n- two\na\nb',
    );
  });

  it('shows small raster pictures in their place, and the words for the others', () => {
    const picture = { cid: 'A@b', contentType: 'image/png', content: pixel };
    const data = `data:image/png;base64,${pixel.toString('base64')}`;
    expect(embedPictures('<img src="cid:a@b" alt="x" />', [picture])).toBe(`<img src="${data}" alt="x" />`);
    expect(embedPictures('<img alt="a plan" src="cid:other" />', [picture])).toBe('<em>[a plan]</em>');
    expect(embedPictures('<img src="cid:a@b" />', [{ ...picture, contentType: 'image/svg+xml' }])).toBe('');
    expect(embedPictures('<img src="cid:a@b" />', [{ ...picture, content: Buffer.alloc(600 * 1024) }])).toBe('');
  });
});
