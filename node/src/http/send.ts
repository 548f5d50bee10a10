import { Agent, EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';

/** A request as it is sent, once. */
export interface Sent {
  readonly method: Dispatcher.HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** Sends a request and answers its status and headers; the body comes when it is asked for. */
export type Send = (url: string, request: Sent) => Promise<Dispatcher.ResponseData>;

const redirections = 5;

/**
 * Sending by undici, the client inside Node's own fetch, without the streams of the web around it: half the work a page. Answers
 * come packed where the server can; redirections are followed, without the credentials where they lead to another host.
 *
 * @param variables a proxy is used as Node's own fetch does: where `NODE_USE_ENV_PROXY` is 1, the one of `HTTPS_PROXY`
 */
export function createSend(variables: Readonly<Record<string, string | undefined>>): Send {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, NO_PROXY, no_proxy } = variables;
  const proxies = {
    httpsProxy: HTTPS_PROXY ?? https_proxy,
    httpProxy: HTTP_PROXY ?? http_proxy,
    noProxy: NO_PROXY ?? no_proxy,
  };
  const network = variables['NODE_USE_ENV_PROXY'] === '1' ? new EnvHttpProxyAgent(proxies) : new Agent();
  const dispatcher = network.compose(
    interceptors.redirect({ maxRedirections: redirections }),
    interceptors.decompress(),
  );
  return (url, { headers, ...rest }) =>
    request(url, { ...rest, headers: { 'accept-encoding': 'gzip, deflate, br', ...headers }, dispatcher });
}
