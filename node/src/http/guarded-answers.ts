import { errors, type Dispatcher } from 'undici';
import { VendorRedirectError } from '../errors/vendor-errors.ts';
import { readablePacking } from './packed-answers.ts';

const redirections = new Set([300, 301, 302, 303, 307, 308]);
/** Headers that say nothing about who asks; any other may be a credential under a vendor's own name. */
const harmless = /^(accept(-.*)?|user-agent|host|connection|content-(type|length)|prefer|consistencylevel|if-.*)$/i;

/**
 * Looks at each answer before anything follows from it: a request that carries credentials (a body, a header of its own, a query)
 * is not sent on to another origin, none from https on to http, one that is packed in an unknown way is not read, and a body of
 * more than so many bytes, as they come over the network, is not read on. Fails the request with VendorRedirectError,
 * VendorEncodingError or undici's ResponseExceededMaxSizeError.
 */
export function guardedAnswers(mostBytes: number): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (asked, handler) => {
    let came = 0;
    return dispatch(asked, {
      onRequestStart: (...given) => handler.onRequestStart?.(...given),
      onRequestUpgrade: (...given) => handler.onRequestUpgrade?.(...given),
      onResponseStart(controller, status, headers, message) {
        const location = [headers['location']].flat()[0];
        if (redirections.has(status) && location !== undefined) refuseSendingOn(asked, location);
        const request = () => ({ method: asked.method, url: new URL(asked.path, String(asked.origin)).href });
        handler.onResponseStart?.(controller, status, readablePacking(headers, status, request), message);
      },
      onResponseData(controller, chunk) {
        came += chunk.length;
        if (came > mostBytes) throw new errors.ResponseExceededMaxSizeError();
        handler.onResponseData?.(controller, chunk);
      },
      onResponseEnd: (...given) => handler.onResponseEnd?.(...given),
      onResponseError: (...given) => handler.onResponseError?.(...given),
    });
  };
}

function refuseSendingOn(asked: Dispatcher.DispatchOptions, location: string): void {
  const from = new URL(asked.path, String(asked.origin));
  const asking = { method: asked.method, url: from.href };
  if (location.trim() === '') return;
  if (!URL.canParse(location, from.href)) throw new VendorRedirectError(asking, 'an address that is none');
  const to = new URL(location, from);
  if (!/^https?:$/.test(to.protocol))
    throw new VendorRedirectError(asking, `an address that begins with ${to.protocol.slice(0, 20)}`);
  const elsewhere = to.origin !== from.origin && (carriesCredentials(asked) || from.search !== '');
  if (elsewhere || (from.protocol === 'https:' && to.protocol !== 'https:'))
    throw new VendorRedirectError(asking, to.origin);
}

function carriesCredentials({ body, headers }: Dispatcher.DispatchOptions): boolean {
  if (body !== undefined && body !== null) return true;
  // After a redirection they come as names and values in turn.
  const names = Array.isArray(headers) ? headers.filter((_, at) => at % 2 === 0) : Object.keys(headers ?? {});
  return names.some((name) => !harmless.test(String(name)));
}
