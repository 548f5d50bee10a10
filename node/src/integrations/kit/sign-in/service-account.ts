import { importPKCS8, SignJWT } from 'jose';
import { UnusableKeyError } from '../../../errors/vendor-errors.ts';
import { createRenewingTokens, type GivenToken } from '../../../http/token-source.ts';
import { isObject, textOf } from '../field-path.ts';
import { fillIn } from '../fill-in.ts';
import { tokenIn } from './grants.ts';
import type { ServiceAccountSignIn } from './sign-in.ts';
import { tokenSigner, type Signer, type SignerParts } from './signer.ts';

const grant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** A claim may live for an hour at most. */
const claimSeconds = 3600;

interface KeyFile {
  readonly email: string;
  readonly privateKey: string;
  readonly tokenUrl: string;
  readonly id?: string | undefined;
}

/** Signs by tokens that a service account gets for a JWT signed with its key. Throws UnusableKeyError. */
export function serviceAccountSigner(signIn: ServiceAccountSignIn, parts: SignerParts): Signer {
  const { integration, values, http, clock } = parts;
  const key = keyFile(integration, fillIn(integration, signIn.key, values), signIn.url);
  const subject = signIn.subject === undefined ? undefined : fillIn(integration, signIn.subject, values);

  async function ask(signal?: AbortSignal): Promise<GivenToken> {
    const seconds = Math.floor(clock.now().getTime() / 1000);
    const claim = new SignJWT({ scope: signIn.scopes.join(' ') })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(key.id !== undefined && { kid: key.id }) })
      .setIssuer(key.email)
      .setAudience(key.tokenUrl)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + claimSeconds);
    const assertion = await (subject === undefined ? claim : claim.setSubject(subject)).sign(await signingKey());
    const request = {
      method: 'POST',
      url: key.tokenUrl,
      form: { grant_type: grant, assertion },
      retry: true,
      secrets: [assertion],
    } as const;
    return tokenIn(await http.json(request, signal), request);
  }

  async function signingKey(): Promise<Awaited<ReturnType<typeof importPKCS8>>> {
    try {
      return await importPKCS8(key.privateKey, 'RS256');
    } catch {
      // The reason may quote the key.
      throw new UnusableKeyError(integration, 'its private_key is no private key in PEM form');
    }
  }

  return tokenSigner(createRenewingTokens({ clock, ask }));
}

function keyFile(integration: string, text: string, url: string | undefined): KeyFile {
  const read = parsed(text);
  if (!isObject(read)) throw new UnusableKeyError(integration, 'it is not the JSON text of a key file');
  const email = textOf(read['client_email']);
  const privateKey = textOf(read['private_key']);
  const tokenUrl = url ?? textOf(read['token_uri']);
  if (email === undefined || privateKey === undefined || tokenUrl === undefined)
    throw new UnusableKeyError(integration, 'it lacks client_email, private_key or token_uri');
  return { email, privateKey, tokenUrl, id: textOf(read['private_key_id']) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
