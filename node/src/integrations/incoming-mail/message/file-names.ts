import libmime from 'libmime';

const longestName = 200;
/** What turns the direction of what follows (UAX 9), or shows as nothing at all: a name must read as it is. */
const unseen = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/pjpeg': 'jpg',
  'image/tiff': 'tif',
  'image/svg+xml': 'svg',
  'text/calendar': 'ics',
  'text/vcard': 'vcf',
  'text/x-vcard': 'vcf',
  'text/csv': 'csv',
  'text/html': 'html',
  'audio/mpeg': 'mp3',
  'video/quicktime': 'mov',
  'application/gzip': 'gz',
  'application/x-zip-compressed': 'zip',
  'application/pkcs7-mime': 'p7m',
  'application/x-pkcs7-mime': 'p7m',
  'application/pkcs7-signature': 'p7s',
  'application/x-pkcs7-signature': 'p7s',
  'application/pgp-signature': 'asc',
  'application/ms-tnef': 'dat',
  'message/rfc822': 'eml',
};

/** The last part of whatever path the sender wrote, without characters no file name may have; '' where nothing is left. */
export function safeName(written: string): string {
  const given = written.split(/[\\/]/).at(-1) ?? '';
  const clean = given
    .slice(-4 * longestName)
    .replaceAll(unseen, '')
    .replaceAll(/[<>:"|?*]/g, '_')
    .trim();
  // Windows takes no name with a dot or blank at its end, and would drop it. Half of a pair at the beginning is no character.
  return clean
    .replace(/[. ]{1,800}$/, '')
    .slice(-longestName)
    .replace(/^[\uDC00-\uDFFF]/, '');
}

/** A name for what came without one: its place among the parts, and the extension its type says. */
export function nameByType(place: string, contentType: string): string {
  return `attachment-${place}.${extensionOf(contentType)}`;
}

function extensionOf(contentType: string): string {
  const [kind = '', subtype = ''] = contentType.split('/');
  const known = extensions[contentType] ?? libmime.detectExtension(contentType);
  if (known !== 'bin') return known;
  if (kind === 'text' || kind === 'message') return 'txt';
  const plain = subtype.replace(/^x-/, '');
  return /^(image|audio|video|font)$/.test(kind) && /^[a-z0-9]{2,5}$/.test(plain) ? plain : 'bin';
}
