import { createCipheriv, createDecipheriv, hash, hkdfSync, randomBytes } from 'node:crypto';
import { NothingKeptError, VendorAuthError, VendorRefusedError } from '../../../errors/vendor-errors.ts';
import { createRenewingTokens, type GivenToken } from '../../../http/token-source.ts';
import { isObject, textOf } from '../field-path.ts';
import { fillIn } from '../fill-in.ts';
import { tokenIn, tokenRequest } from './grants.ts';
import type { RefreshSignIn } from './sign-in.ts';
import { tokenSigner, type Signer, type SignerParts } from './signer.ts';

/** What is kept of a sign-in. */
interface Kept {
  readonly refreshToken: string;
  readonly accessToken: string;
  /** When the access token ends, in milliseconds since 1970. */
  readonly ends: number;
}

/** An access token of another process is used while it lives so long. */
const worthUsing = 120_000;
const assumedLifetime = 600_000;

/**
 * Signs by a refresh token that is replaced each time it is used. What comes is kept before it is used, so that a kill in between
 * loses nothing, and it is sealed with the token of the setting: whoever has only the file has nothing, and a new token in the
 * setting makes the kept one void. Another process may have renewed it meanwhile, so the kept one is looked at first.
 * Throws NothingKeptError where nothing can be kept.
 */
export function refreshTokenSigner(signIn: RefreshSignIn, parts: SignerParts): Signer {
  const { integration, values, http, clock, kept } = parts;
  if (!kept) throw new NothingKeptError(integration);
  const first = fillIn(integration, signIn.refreshToken, values);
  const name = `${integration}.${hash('sha256', first, 'hex').slice(0, 12)}.tokens`;

  const read = async (): Promise<Kept | undefined> => {
    const sealed = await kept.read(name);
    return sealed === undefined ? undefined : keptIn(unsealed(sealed, first));
  };

  async function renew(refreshToken: string, signal?: AbortSignal): Promise<GivenToken> {
    const given = { grant_type: 'refresh_token', refresh_token: refreshToken };
    // Not repeated: what was used once may have been used up.
    const request = { ...tokenRequest(signIn, given, parts), retry: false };
    const asked = clock.now().getTime();
    const answer = await http.json(request, signal);
    const token = tokenIn(answer, request);
    const next = textOf(isObject(answer) ? answer['refresh_token'] : undefined) ?? refreshToken;
    const ends = asked + (token.lifetime ?? assumedLifetime);
    await kept?.write(name, sealed({ refreshToken: next, accessToken: token.value, ends }, first));
    return token;
  }

  async function ask(signal: AbortSignal | undefined, refused: boolean): Promise<GivenToken> {
    const before = await read();
    const life = (before?.ends ?? 0) - clock.now().getTime();
    if (before && life > worthUsing && !refused) return { value: before.accessToken, lifetime: life };
    const used = before?.refreshToken ?? first;
    try {
      return await renew(used, signal);
    } catch (error) {
      if (!(error instanceof VendorRefusedError) && !(error instanceof VendorAuthError)) throw error;
      const now = await read();
      // Another process has used it at the same moment, and has left the next one.
      if (now && now.refreshToken !== used)
        return { value: now.accessToken, lifetime: Math.max(1, now.ends - clock.now().getTime()) };
      throw error;
    }
  }

  return tokenSigner(createRenewingTokens({ clock, ask }));
}

function keptIn(text: string | undefined): Kept | undefined {
  if (text === undefined) return undefined;
  const read = JSON.parse(text) as Kept;
  return typeof read.refreshToken === 'string' && typeof read.ends === 'number' ? read : undefined;
}

function keyFrom(secret: string, salt: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, salt, 'refresh token', 32));
}

function sealed(content: Kept, secret: string): string {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyFrom(secret, salt), iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return Buffer.concat([salt, iv, cipher.getAuthTag(), text]).toString('base64');
}

/** Undefined for what was sealed with something else, or damaged. */
function unsealed(text: string, secret: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyFrom(secret, bytes.subarray(0, 16)), bytes.subarray(16, 28));
    decipher.setAuthTag(bytes.subarray(28, 44));
    return Buffer.concat([decipher.update(bytes.subarray(44)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
