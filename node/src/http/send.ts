import { Agent, EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';
import { version } from '../version.ts';
import { guardedAnswers } from './guarded-answers.ts';

/** A request as it is sent, once. */
export interface Sent {
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** How many bytes of an answer are read, both as they come and unpacked. */
  readonly mostBytes: number;
}

/** Sends a request and answers its status and headers; the body comes when it is asked for. */
export type Send = (url: string, request: Sent) => Promise<Dispatcher.ResponseData>;

const redirections = 5;
/** Some servers turn away whoever does not say who it is. */
const ours = { 'accept-encoding': 'gzip, br', 'user-agent': `HaloDBIntegrator/${version}` };

/**
 * Sending by undici, the client inside Node's own fetch, without the streams of the web around it: a third less work a page. Answers
 * come packed where the server can; redirections are followed where no credentials would go to another server.
 *
 * @param variables a proxy is used as Node's own fetch does: where `NODE_USE_ENV_PROXY` is 1, the one of `HTTPS_PROXY`
 */
export function createSend(variables: Readonly<Record<string, string | undefined>>): Send {
  const said = (name: string): string | undefined => variables[name] || variables[name.toUpperCase()];
  const proxies = { httpsProxy: said('https_proxy'), httpProxy: said('http_proxy'), noProxy: said('no_proxy') };
  const network = variables['NODE_USE_ENV_PROXY'] === '1' ? new EnvHttpProxyAgent(proxies) : new Agent();
  const bounded = new Map<number, Dispatcher>();
  const dispatcherFor = (mostBytes: number): Dispatcher => {
    const known = bounded.get(mostBytes);
    if (known) return known;
    const made = network.compose(
      guardedAnswers(mostBytes),
      interceptors.redirect({ maxRedirections: redirections, throwOnMaxRedirect: true }),
      // What a vendor says is wrong may come packed, too.
      interceptors.decompress({ skipErrorResponses: false, maxSize: mostBytes }),
    );
    bounded.set(mostBytes, made);
    return made;
  };
  return (url, { headers, mostBytes, ...rest }) =>
    request(url, { ...rest, headers: { ...ours, ...headers }, dispatcher: dispatcherFor(mostBytes) });
}
