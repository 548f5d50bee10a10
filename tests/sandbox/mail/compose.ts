/** A file of a composed message. */
export interface ComposedFile {
  readonly filename?: string;
  readonly contentType?: string;
  readonly content: Buffer | string;
  readonly cid?: string;
}

/** A message to compose. */
export interface Draft {
  readonly from?: string;
  readonly to?: string;
  readonly cc?: string;
  readonly subject?: string;
  readonly messageId?: string | null;
  readonly inReplyTo?: string;
  readonly references?: readonly string[];
  readonly date?: Date | string | null;
  readonly text?: string;
  readonly html?: string;
  readonly files?: readonly ComposedFile[];
  readonly headers?: Readonly<Record<string, string>>;
}

let composed = 0;

/** The message as it goes over the wire (RFC 5322, MIME). Every call makes another Message-ID unless one is given. */
export function compose(draft: Draft): Buffer {
  const {
    from = 'Ben Osei <ben.osei@alderfinch.example>',
    to = 'support@msp.example',
    subject = 'Hello',
    date = new Date('2026-11-20T09:30:00Z'),
    messageId = `<composed-${++composed}@sender.example>`,
  } = draft;
  const headers: [string, string | null | undefined][] = [
    ['From', from],
    ['To', to],
    ['Cc', draft.cc],
    ['Subject', encodedWord(subject)],
    ['Date', date instanceof Date ? date.toUTCString().replace('GMT', '+0000') : date],
    ['Message-ID', messageId],
    ['In-Reply-To', draft.inReplyTo],
    ['References', draft.references?.join('\r\n ')],
    ['MIME-Version', '1.0'],
    ...Object.entries(draft.headers ?? {}),
  ];
  const head = headers.flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name}: ${value}\r\n`],
  );
  return Buffer.concat([Buffer.from(head.join('')), body(draft)]);
}

function encodedWord(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
}

function body(draft: Draft): Buffer {
  const { text = 'Good morning.', html, files = [] } = draft;
  const plain = leaf('text/plain; charset=utf-8', Buffer.from(text));
  const written =
    html === undefined ? plain : multipart('alternative', [plain, leaf('text/html; charset=utf-8', Buffer.from(html))]);
  const inline = files.filter((file) => file.cid !== undefined);
  const related = inline.length === 0 ? written : multipart('related', [written, ...inline.map(filePart)]);
  const attached = files.filter((file) => file.cid === undefined);
  return attached.length === 0 ? related : multipart('mixed', [related, ...attached.map(filePart)]);
}

/** A part of one type, in base64. */
export function leaf(contentType: string, content: Buffer, headers: readonly string[] = []): Buffer {
  const lines = content.toString('base64').replaceAll(/(.{76})/g, '$1\r\n');
  const head = [`Content-Type: ${contentType}`, 'Content-Transfer-Encoding: base64', ...headers].join('\r\n');
  return Buffer.from(`${head}\r\n\r\n${lines}\r\n`);
}

/** Parts put together. */
export function multipart(kind: string, parts: readonly Buffer[]): Buffer {
  const boundary = `----part-${++composed}`;
  return Buffer.concat([
    Buffer.from(`Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n`),
    ...parts.flatMap((part) => [Buffer.from(`--${boundary}\r\n`), part, Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

function filePart(file: ComposedFile): Buffer {
  const name = file.filename === undefined ? '' : `; filename="${file.filename}"`;
  const placed = file.cid === undefined ? `attachment${name}` : `inline${name}`;
  return leaf(file.contentType ?? 'application/octet-stream', Buffer.from(file.content), [
    `Content-Disposition: ${placed}`,
    ...(file.cid === undefined ? [] : [`Content-ID: <${file.cid}>`]),
  ]);
}
