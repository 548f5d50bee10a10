import sanitizeHtml from 'sanitize-html';
import { allowedStyle } from './html-style.ts';
import { nestingDepth } from './html-text.ts';

/**
 * HTML longer, nested deeper, or with more tags, or signs that are written in several, than this takes longer to clean than it is
 * worth: its words are kept alone.
 */
const longestHtml = 4 * 1024 * 1024;
const deepestHtml = 2000;
const mostTags = 200_000;
const mostSigns = 600_000;
/** Characters of an attribute, and attributes of a tag, above which they are left out. */
const longestAttribute = 8 * 1024;
const mostAttributes = 100;
const rasterData = /^data:image\/(png|jpe?g|gif|webp|bmp);base64,[a-z0-9+/=\s]*$/i;
/** Bytes of one picture, and of all together, that are put into the HTML itself. */
const largestPicture = 512 * 1024;
const allPictures = 2 * 1024 * 1024;

/** A mail's HTML without anything that runs, submits or styles what is around it; pictures sent along keep their `cid:`. '' where it is too much. */
export function cleanHtml(html: string): string {
  if (html.length > longestHtml || isCrowded(html) || nestingDepth(html) > deepestHtml) return '';
  const clean = sanitizeHtml(html, {
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
    transformTags: { img: keptPicture, '*': boundedTag },
    allowProtocolRelative: false,
    // Whatever parses styles here takes seconds and hundreds of megabytes for one that is made to; ours are filtered already.
    parseStyleAttributes: false,
    // What a mail's own style sheet or script says is not text either.
    nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'title', 'head'],
  }).trim();
  return clean.length > longestHtml ? '' : clean;
}

/** Whether some HTML has more tags, or more signs that cleaning writes as entities, than people's programs write. */
function isCrowded(html: string): boolean {
  let tags = 0;
  let signs = 0;
  for (let at = 0; at < html.length && tags <= mostTags && signs <= mostSigns; at++) {
    const code = html.charCodeAt(at);
    if (code === 0x3c) tags++;
    if (code === 0x3c || code === 0x3e || code === 0x26) signs++;
  }
  return tags > mostTags || signs > mostSigns;
}

/** A tag whose attributes are of a length that people's programs write; a picture's own data is looked at by {@link keptPicture}. */
function boundedTag(tagName: string, attribs: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const kept: sanitizeHtml.Attributes = {};
  for (const [name, value] of Object.entries(attribs).slice(0, mostAttributes)) {
    const text = name === 'style' ? allowedStyle(value) : value;
    if (text.length <= longestAttribute || (tagName === 'img' && name === 'src')) kept[name] = text;
  }
  if (kept['style'] === '') delete kept['style'];
  return { tagName, attribs: kept };
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
