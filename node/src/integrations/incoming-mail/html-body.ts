import sanitizeHtml from 'sanitize-html';
import { nestingDepth } from './html-text.ts';

/** HTML longer or nested deeper than this takes longer to clean than it is worth: its words are kept alone. */
const longestHtml = 4 * 1024 * 1024;
const deepestHtml = 2000;
const colour = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s,.%]+\)$/i, /^[a-z]{3,25}$/i];
const length = [/^-?[\d.]{1,8}(px|pt|em|rem|%|in|cm|mm)?$/i];
const lengths = [/^(-?[\d.]{1,8}(px|pt|em|rem|%|in|cm|mm)?\s*){1,4}$/i, /^auto$/i];
const word = [/^[a-z -]{1,40}$/i];
const rasterData = /^data:image\/(png|jpe?g|gif|webp|bmp);base64,[a-z0-9+/=\s]*$/i;
/** Bytes of one picture, and of all together, that are put into the HTML itself. */
const largestPicture = 512 * 1024;
const allPictures = 2 * 1024 * 1024;
const border = [/^[\w#%.,() -]{1,60}$/i];

/** A mail's HTML without anything that runs, submits or styles what is around it; pictures sent along keep their `cid:`. '' where it is too much. */
export function cleanHtml(html: string): string {
  if (html.length > longestHtml || nestingDepth(html) > deepestHtml) return '';
  return sanitizeHtml(html, {
    allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img', 'font', 'center', 'del', 'ins'],
    allowedAttributes: {
      a: ['href', 'name', 'title'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      font: ['color', 'face', 'size'],
      table: ['border', 'cellpadding', 'cellspacing', 'width', 'align', 'bgcolor'],
      td: ['colspan', 'rowspan', 'width', 'height', 'align', 'valign', 'bgcolor'],
      th: ['colspan', 'rowspan', 'width', 'height', 'align', 'valign', 'bgcolor'],
      '*': ['style', 'dir', 'align'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['http', 'https', 'cid', 'data'] },
    transformTags: { img: keptPicture },
    allowProtocolRelative: false,
    allowedStyles: {
      '*': {
        color: colour,
        'background-color': colour,
        'font-family': [/^[\w\s,'"-]{1,120}$/],
        'font-size': [...length, ...word],
        'font-weight': [/^\d{3}$/, ...word],
        'font-style': word,
        'text-align': word,
        'text-decoration': word,
        'vertical-align': word,
        width: length,
        height: length,
        'max-width': length,
        margin: lengths,
        'margin-left': lengths,
        'margin-right': lengths,
        'margin-top': lengths,
        'margin-bottom': lengths,
        padding: lengths,
        'padding-left': lengths,
        border,
        'border-left': border,
        'border-top': border,
        'border-bottom': border,
        'border-collapse': word,
      },
    },
    // What a mail's own style sheet or script says is not text either.
    nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'head'],
  }).trim();
}

/** A picture written into the HTML itself is kept where one sent along would be: raster, and not large. */
function keptPicture(tagName: string, { src, ...others }: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const isData = src?.trimStart().toLowerCase().startsWith('data:') === true;
  const kept = !isData || (src.length < (largestPicture * 4) / 3 + 100 && rasterData.test(src));
  return { tagName, attribs: src !== undefined && kept ? { src, ...others } : others };
}

/** A picture that came with a mail. */
export interface InlinePicture {
  readonly cid: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/**
 * Puts pictures where the HTML names them by `cid:`, so that they show without knowing how Halo serves attachments. Raster pictures
 * only; one that is too large, or not there, leaves its alternative text.
 */
export function embedPictures(html: string, pictures: readonly InlinePicture[]): string {
  if (!html.includes('cid:')) return html;
  const byCid = new Map(pictures.map((picture) => [picture.cid.toLowerCase(), picture]));
  let room = allPictures;
  return html.replaceAll(
    /<img\b([^>]*?)\ssrc="cid:([^"]*)"([^>]*)>/gi,
    (_tag, before: string, cid: string, after: string) => {
      const picture = byCid.get(decoded(cid).toLowerCase());
      const size = picture?.content.byteLength ?? 0;
      const fits = picture && size <= largestPicture && size <= room;
      if (!fits || !/^image\/(png|jpe?g|gif|webp|bmp)$/i.test(picture.contentType)) {
        const alternative = /alt="([^"]*)"/.exec(`${before} ${after}`)?.[1] ?? '';
        return alternative === '' ? '' : `<em>[${alternative}]</em>`;
      }
      room -= size;
      const data = Buffer.from(picture.content).toString('base64');
      return `<img${before} src="data:${picture.contentType.toLowerCase()};base64,${data}"${after}>`;
    },
  );
}

function decoded(cid: string): string {
  const plain = cid.replaceAll('&amp;', '&');
  try {
    return decodeURIComponent(plain);
  } catch {
    // A percent sign that escapes nothing stands for itself.
    return plain;
  }
}
