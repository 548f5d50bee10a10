import { VendorAnswerError, VendorAuthError } from '../../errors/vendor-errors.ts';
import type { HttpAnswer, HttpRequest } from '../../http/http-client.ts';
import type { Clock } from '../../environment.ts';
import type { VendorContext } from '../connection.ts';
import { parseExactly } from '../../exact-json.ts';
import { fieldAt, textOf } from './field-path.ts';
import { fillIn, type Values } from './fill-in.ts';
import { createPace } from './rates/pace.ts';
import type { Rates } from './rates/rates.ts';
import { createSigner } from './sign-in/create-signer.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import { addressOf } from './sign-in/signer.ts';

/** A vendor's API, as data. */
export interface DeclaredApi {
  /** The integration's name in appsettings.json, by which errors name settings. */
  readonly integration: string;
  /** Where it is, with `{Name}` for settings: `https://{Region}.ninjarmm.com/v2`. */
  readonly address: string;
  readonly signIn: SignIn;
  readonly rates?: Rates;
  /** Headers of each request, with `{Name}` for settings. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Values beside the settings, or in place of them: what Halo's row says, the host a region has. */
  values?(context: Pick<VendorContext, 'connection' | 'settings'>): Values;
  /** Further origins that belong to the vendor and get the credentials too, `*` for one part of a name: `https://*.api.acme.com`. */
  readonly alsoAt?: readonly string[];
  /** Asks the vendor who we are, where the answer says at which host one's own data is. */
  readonly whoAmI?: WhoAmI;
}

/** Who we are, by the vendor: `address` is the one that is asked, and the answer's is used from then on. */
export interface WhoAmI {
  readonly url: string;
  /** Where the answer says the address. */
  readonly address: string;
  /** What is put behind it. */
  readonly path?: string;
  /** Headers of each request, from the answer. */
  headers?(answer: unknown): Readonly<Record<string, string>>;
}

/** A vendor's API, signed in and paced. */
export interface VendorApi {
  readonly integration: string;
  /** What declared texts are filled in from. */
  readonly values: Values;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Which of Halo's connections it is for: what is kept of one is no other's. */
  readonly place: string;
  /** Names of the query's parameters that are credentials. */
  readonly secretParameters: readonly string[];
  /**
   * Sends a request, signed; one that is refused with 401 is signed anew once. An address that begins with `/` is below the API's.
   * Credentials go to the API's own origin and to those under `alsoAt`, and to no other. Throws VendorAnswerError for another one,
   * and what an {@link import('../../http/http-client.ts').HttpClient} throws.
   */
  ask(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Sends a request without credentials, for a file that is fetched by an address of its own. */
  askUnsigned(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** The whole address of one that may begin with `/`. */
  addressOf(url: string, signal?: AbortSignal): Promise<string>;
}

interface Place {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Opens a declared API for a connection. Throws MissingCredentialError, UnusableKeyError, NothingKeptError.
 * @param more values beside those of the connection, where it signs in to several places
 */
export function openApi(declared: DeclaredApi, context: VendorContext, more: Values = {}): VendorApi {
  const { integration, whoAmI } = declared;
  const { http, clock, kept } = context;
  const values: Values = { ...context.settings, ...declared.values?.(context), ...more };
  const address = fillIn(integration, declared.address, values).replace(/\/+$/, '');
  const signer = createSigner(declared.signIn, { integration, values, http, clock, address, kept });
  const pace = context.paces?.get(integration) ?? (declared.rates && createPace(declared.rates, clock));
  if (pace) context.paces?.set(integration, pace);
  const common = Object.entries(declared.headers ?? {}).map(([name, text]) => [
    name.toLowerCase(),
    fillIn(integration, text, values),
  ]);
  const headers: Readonly<Record<string, string>> = Object.fromEntries(common) as Record<string, string>;
  let place: Promise<Place> | undefined;

  async function signed(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const paced = { ...request, headers: { ...headers, ...request.headers }, ...(pace && { pace }) };
    const once = await signer.sign(paced, signal);
    try {
      return await http.answer(once, signal);
    } catch (error) {
      if (!(error instanceof VendorAuthError) || !signer.refused(once)) throw error;
      return http.answer(await signer.sign(paced, signal), signal);
    }
  }

  async function findPlace(asked: WhoAmI, signal: AbortSignal): Promise<Place> {
    const url = addressOf(asked.url, address);
    const { text } = await signed({ url }, signal);
    const answer = parsed(text);
    const found = textOf(fieldAt(answer, asked.address));
    if (found === undefined || !URL.canParse(found))
      throw new VendorAnswerError({ method: 'GET', url }, 'the answer does not say where our data is');
    if (!/^https?:$/.test(new URL(found).protocol) || (url.startsWith('https:') && !found.startsWith('https:')))
      throw new VendorAnswerError({ method: 'GET', url }, 'the answer leads to an address that is not encrypted');
    return { address: found.replace(/\/+$/, '') + (asked.path ?? ''), headers: asked.headers?.(answer) ?? {} };
  }

  /** Where the API is; a question that failed is asked again when it is needed. */
  function placeOnce(signal: AbortSignal): Promise<Place> {
    if (!whoAmI) return Promise.resolve({ address, headers: {} });
    place ??= findPlace(whoAmI, signal).catch((error: unknown) => {
      place = undefined;
      throw error;
    });
    return place;
  }

  return {
    integration,
    values,
    clock,
    signal: context.signal,
    place: [integration, context.connection.id, ...Object.values(more)].join(' '),
    secretParameters: declared.signIn.style === 'query' ? Object.keys(declared.signIn.parameters) : [],
    async ask(request, signal = context.signal) {
      const { address: root, headers: ours } = await placeOnce(signal);
      const url = addressOf(request.url, root);
      if (!isOurs(url, root, declared.alsoAt))
        throw new VendorAnswerError({ method: request.method ?? 'GET', url: root }, 'a link leads to another host');
      return signed({ ...request, url, headers: { ...ours, ...request.headers } }, signal);
    },
    askUnsigned: (request, signal = context.signal) => http.answer({ ...request, ...(pace && { pace }) }, signal),
    addressOf: async (url, signal = context.signal) => addressOf(url, (await placeOnce(signal)).address),
  };
}

function isOurs(url: string, root: string, alsoAt: readonly string[] = []): boolean {
  if (!URL.canParse(url)) return false;
  const { origin } = new URL(url);
  const fits = (pattern: string): boolean =>
    new RegExp(`^${pattern.replaceAll('.', String.raw`\.`).replaceAll('*', String.raw`[\w-]+`)}$`, 'i').test(origin);
  return origin === new URL(root).origin || alsoAt.some(fits);
}

function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}
