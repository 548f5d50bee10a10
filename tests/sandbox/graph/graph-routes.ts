/** A value of the specification's: a JSON schema of the plain kind. */
export interface SpecSchema {
  readonly type?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The names `$select` may hold. */
  readonly names?: readonly string[];
}

/** A request Graph describes. */
export interface SpecOperation {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/v1.0`, with `{names}` for its variable parts. */
  readonly path: string;
  readonly query: Readonly<Record<string, SpecSchema>>;
  /** The schema of the records it lists, or of the one it answers. */
  readonly answers?: string;
}

/** A request as a route sees it. */
export interface GraphRequest {
  /** The tenant the bearer's token was given for. */
  readonly tenant: string;
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The API's root with `/v1.0`, for links to further pages. */
  readonly root: string;
  /** Answers another request of the same caller, as `$batch` needs. */
  dispatch(method: string, pathAndQuery: string): Promise<GraphAnswer>;
}

/** What a route answers; a body that is bytes or text is sent as it is, anything else as JSON. */
export interface GraphAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One line of the sandbox's routing table. */
export interface GraphRoute {
  readonly operation: SpecOperation;
  handle(request: GraphRequest): GraphAnswer | Promise<GraphAnswer>;
}

/** Graph's error envelope. */
export function refusal(status: number, code: string, message: string, headers?: Record<string, string>): GraphAnswer {
  return { status, body: { error: { code, message, innerError: {} } }, ...(headers && { headers }) };
}

/** The route for a request, with the parts of its path; undefined when there is none. */
export function routeOf(
  routes: readonly GraphRoute[],
  method: string,
  path: string,
): { route: GraphRoute; parts: Readonly<Record<string, string>> } | undefined {
  for (const route of routes) {
    if (route.operation.method !== method) continue;
    const pattern = route.operation.path.replaceAll(/[()$.]/g, '\\$&').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match) {
      const parts = Object.entries(match.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
      return { route, parts: Object.fromEntries(parts) as Record<string, string> };
    }
  }
  return undefined;
}

/** What the specification says against a query, one sentence each. Tokens of further pages are opaque and pass. */
export function queryFaults(operation: SpecOperation, query: URLSearchParams): readonly string[] {
  return [...query].flatMap(([name, text]) => {
    if (name === '$skiptoken' || name === '$deltatoken') return [];
    const schema = operation.query[name];
    if (!schema) return [`Unknown parameter "${name}".`];
    if (schema.type === 'integer') {
      const number = Number(text);
      const fits = /^\d+$/.test(text) && number >= (schema.minimum ?? 0) && number <= (schema.maximum ?? Infinity);
      return fits ? [] : [`"${name}" is not a valid number.`];
    }
    const unknown = schema.names ? text.split(',').filter((one) => !schema.names?.includes(one)) : [];
    return unknown.map((one) => `Could not find a property named '${one}'.`);
  });
}
