/** One link of a Link header: its target, then parameters whose values may be quoted. */
const link = /<([^>]*)>((?:\s*;\s*[\w!#$&+\-.^`|~*]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]+))?)*)/g;

/**
 * The targets of a Link header (RFC 8288) by their relations, in lower case; of one relation, the first. Undefined where it has no
 * next page, and a part of it cannot be read: that may be what it says.
 */
export function linksIn(header: unknown): ReadonlyMap<string, string> | undefined {
  const links = new Map<string, string>();
  if (typeof header !== 'string') return links;
  for (const [, target = '', parameters = ''] of header.matchAll(link)) {
    const [, quoted, plain] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(parameters) ?? [];
    for (const relation of (quoted ?? plain ?? '').toLowerCase().split(/\s+/))
      if (relation !== '' && !links.has(relation)) links.set(relation, target);
  }
  const lost = /[^\s,;]/.test(header.replaceAll(link, ''));
  return lost && !links.has('next') ? undefined : links;
}
