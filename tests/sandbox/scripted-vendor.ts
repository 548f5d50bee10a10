import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a scripted vendor answers: a body as JSON, or a status with its body; undefined where it has no such path. */
export type Answer = { readonly status: number; readonly body: unknown } | { readonly body: unknown } | undefined;

/** A vendor whose every answer a test writes itself, also such as no vendor should give. */
export interface ScriptedVendor extends AsyncDisposable {
  readonly url: string;
  /** Requests that came, without those for a token. */
  readonly asked: string[];
  /** How it answers from now on. */
  answer(by: (url: URL, body: string) => Answer): void;
}

/** Starts one on the loopback. It gives a token to whoever asks. */
export async function startScriptedVendor(): Promise<ScriptedVendor> {
  let answering: (url: URL, body: string) => Answer = () => undefined;
  const asked: string[] = [];
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://vendor');
    const body = await text(request);
    const isToken = url.pathname.endsWith('/token');
    if (!isToken) asked.push(url.pathname + url.search);
    const answer = isToken ? { body: { access_token: 'token', expires_in: 3600 } } : answering(url, body);
    const status = answer && 'status' in answer ? answer.status : answer ? 200 : 404;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer?.body ?? {}));
  }
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer: (by) => {
      answering = by;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A page of a list as Pax8 gives it, 200 records each. */
export function pax8Page(list: readonly unknown[], number: number, size = 200) {
  const page = { number, size, totalElements: list.length, totalPages: Math.ceil(list.length / size) };
  return { content: list.slice(number * size, (number + 1) * size), page };
}
