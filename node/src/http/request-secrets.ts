import { namedSecrets } from '../secrets/known-secrets.ts';
import type { HttpRequest } from './http-client.ts';

/** The secrets a request sends: its credentials, and what a sign-in has in its body. */
export function secretsIn({ headers, json, form, query, secrets = [] }: HttpRequest): string[] {
  const credentials = Object.entries(headers ?? {}).flatMap(([name, value]) =>
    /auth|key|token|secret|password|session|cookie|signature/i.test(name) ? credentialsIn(value) : [],
  );
  const sent = { ...(typeof json === 'object' ? json : {}), ...form };
  return [...credentials, ...namedSecrets(sent), ...namedSecrets({ ...query }), ...secrets];
}

/** What a header's value is without its scheme; of Basic, the password, too. */
function credentialsIn(value: string): string[] {
  const [, scheme, credential = value] = /^([A-Za-z]+)\s+(.+)$/.exec(value) ?? [];
  if (scheme?.toLowerCase() !== 'basic') return [credential];
  const decoded = Buffer.from(credential, 'base64').toString('utf8');
  return [credential, decoded.slice(decoded.indexOf(':') + 1)];
}

/** The tokens a sign-in answers with. */
export function tokensIn(answer: unknown): string[] {
  return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? namedSecrets({ ...answer }) : [];
}
