import type { HttpRequest } from '../../../http/http-client.ts';
import { createRenewingTokens, type GivenToken } from '../../../http/token-source.ts';
import { countOf, isObject, textOf } from '../field-path.ts';
import { fillIn } from '../fill-in.ts';
import type { GrantSignIn, RefreshSignIn } from './sign-in.ts';
import { addressOf, noToken, tokenSigner, type Signer, type SignerParts } from './signer.ts';

/** Signs by tokens of client credentials, or of the password grant. */
export function grantSigner(signIn: GrantSignIn, parts: SignerParts): Signer {
  const fill = (text: string): string => fillIn(parts.integration, text, parts.values);
  const given: Readonly<Record<string, string>> =
    signIn.style === 'password'
      ? { grant_type: 'password', username: fill(signIn.username), password: fill(signIn.password) }
      : { grant_type: 'client_credentials' };
  const request = tokenRequest(signIn, given, parts);
  const ask = async (signal?: AbortSignal): Promise<GivenToken> => {
    const answer = await parts.http.json(request, signal);
    return tokenIn(answer, request);
  };
  return tokenSigner(createRenewingTokens({ clock: parts.clock, ask }));
}

/** OAuth's request for a token (RFC 6749), in the form the vendor wants. */
export function tokenRequest(
  signIn: GrantSignIn | RefreshSignIn,
  given: Readonly<Record<string, string>>,
  parts: SignerParts,
): HttpRequest {
  const fill = (text: string): string => fillIn(parts.integration, text, parts.values);
  const id = signIn.clientId === undefined ? undefined : fill(signIn.clientId);
  const secret = signIn.clientSecret === undefined ? undefined : fill(signIn.clientSecret);
  const basic = signIn.basic === true ? `${id ?? ''}:${secret ?? ''}` : undefined;
  const fields = {
    ...given,
    ...(basic === undefined && id !== undefined && { client_id: id }),
    ...(basic === undefined && secret !== undefined && { client_secret: secret }),
    ...Object.fromEntries(Object.entries(signIn.fields ?? {}).map(([name, text]) => [name, fill(text)])),
  };
  return {
    method: 'POST',
    url: addressOf(fill(signIn.url), parts.address),
    retry: true,
    ...(signIn.sends === 'json' ? { json: fields } : { form: fields }),
    ...(basic !== undefined && { headers: { authorization: `Basic ${Buffer.from(basic).toString('base64')}` } }),
    secrets: [secret, given['password'], given['refresh_token'], given['assertion']].filter(
      (one): one is string => one !== undefined,
    ),
  };
}

/** The access token of an answer. Throws VendorAnswerError. */
export function tokenIn(answer: unknown, request: HttpRequest): GivenToken {
  const fields = isObject(answer) ? answer : {};
  const value = textOf(fields['access_token']);
  if (value === undefined) throw noToken(request);
  const seconds = countOf(fields['expires_in']);
  return { value, lifetime: seconds ? seconds * 1000 : undefined };
}
