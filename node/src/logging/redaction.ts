const secretKey = /password|secret|token|authorization|api[-_]?key|credential/i;
/** Access tokens are in no settings. Names of products have "Basic" in them, so that is left to the settings' secrets. */
const bearer = /\b(Bearer)\s+[\w.~+/-]{8,}=*/gi;
const hidden = '***';

/** Replaces secrets by key and by value, in whatever form a value may show: plain, base64, URL-encoded. */
export function redactor(secrets: readonly string[]): (value: unknown) => unknown {
  const forms = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64'),
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ]);
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const redact = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string')
      return known.reduce((text, secret) => text.replaceAll(secret, hidden), value).replace(bearer, `$1 ${hidden}`);
    if (typeof value !== 'object' || value === null || value instanceof Date || depth > 8) return value;
    if (Array.isArray(value)) return value.map((one) => redact(one, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key,
        secretKey.test(key) && typeof one === 'string' ? hidden : redact(one, depth + 1),
      ]),
    );
  };
  return (value) => redact(value, 0);
}
