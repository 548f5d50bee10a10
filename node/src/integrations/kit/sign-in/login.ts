import { VendorAuthError, VendorRefusedError } from '../../../errors/vendor-errors.ts';
import type { HttpRequest } from '../../../http/http-client.ts';
import { createRenewingTokens, type GivenToken } from '../../../http/token-source.ts';
import { fieldAt, textOf } from '../field-path.ts';
import { fillIn, fillInAll, namesIn, type Values } from '../fill-in.ts';
import type { LoginRequest, LoginSignIn } from './sign-in.ts';
import { addressOf, noToken, tokenSigner, type Signer, type SignerParts } from './signer.ts';

/** Signs by the token of a login. */
export function loginSigner(signIn: LoginSignIn, parts: SignerParts): Signer {
  const { http, clock } = parts;
  let renewal: string | undefined;

  async function send(declared: LoginRequest, values: Values, signal?: AbortSignal): Promise<GivenToken> {
    const request = requestOf(declared, values, parts);
    const answer = await http.json(request, signal);
    const value = textOf(fieldAt(answer, signIn.token));
    if (value === undefined) throw noToken(request);
    renewal = signIn.renewal && (textOf(fieldAt(answer, signIn.renewal.with)) ?? renewal);
    return { value, lifetime: lifetimeOf(signIn.expires, answer, clock.now()) };
  }

  async function ask(signal?: AbortSignal): Promise<GivenToken> {
    if (signIn.renewal && renewal !== undefined) {
      try {
        return await send(signIn.renewal.request, { ...parts.values, renewal }, signal);
      } catch (error) {
        if (!(error instanceof VendorAuthError) && !(error instanceof VendorRefusedError)) throw error;
        // It has run out as well; the login does not.
        renewal = undefined;
      }
    }
    return send(signIn.request, parts.values, signal);
  }

  return tokenSigner(createRenewingTokens({ clock, ask }), signIn.header, signIn.prefix);
}

function requestOf(declared: LoginRequest, values: Values, { integration, address }: SignerParts): HttpRequest {
  const fill = (text: string): string => fillIn(integration, text, values);
  const each = (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, fill(text)]));
  const written = JSON.stringify([declared.headers, declared.json, declared.form, declared.text]);
  return {
    method: declared.method ?? 'POST',
    url: addressOf(fill(declared.url), address),
    retry: true,
    ...(declared.headers && { headers: each(declared.headers) }),
    ...(declared.json && { json: fillInAll(integration, declared.json, values) }),
    ...(declared.form && { form: each(declared.form) }),
    ...(declared.text !== undefined && { content: { type: 'text/plain', text: fill(declared.text) } }),
    secrets: namesIn(written).flatMap((name) => textOf(values[name]) ?? []),
  };
}

/** Milliseconds a token lives, from seconds or the moment it ends. */
function lifetimeOf(place: string | undefined, answer: unknown, now: Date): number | undefined {
  const text = place === undefined ? undefined : textOf(fieldAt(answer, place));
  if (text === undefined) return undefined;
  const life = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return life > 0 ? life : undefined;
}
