const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** How an id is written, without any of it: enough to know what kind it is, and nothing that could be a person's. */
export function idShape(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value !== 'string') return 'none';
  const text = value.trim();
  if (text === '') return 'none';
  const cased = (name: string): string => (/[a-f]/.test(text) ? name : `${name}, capitals`);
  if (guid.test(text)) return cased('guid');
  if (/^\{.*\}$/.test(text) && guid.test(text.slice(1, -1))) return cased('guid in braces');
  if (/^[0-9a-f]{32}$/i.test(text)) return cased('32 hexadecimal digits');
  if (/^\d+$/.test(text)) return `${text.length} digits`;
  if (/^[A-Za-z0-9+/]{22}==$/.test(text)) return '16 bytes in base64';
  if (text.includes('@')) return 'address';
  return `text of ${text.length} characters`;
}
