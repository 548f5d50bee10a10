import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { Engine } from '../commands/engine.ts';
import { commands } from '../commands/registry.ts';
import type { SuppliedSecrets } from '../config/secrets.ts';
import type { Environment } from '../environment.ts';
import { BridgeProtocolError, UsageError } from '../errors/command-errors.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { version } from '../version.ts';

/** Version of the protocol in docs/bridge-protocol.md. */
const protocolVersion = 1;

/** The two pipes of the bridge. */
export interface ServeParts {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly environment: Environment;
}

type EngineOf = (warned: (message: string) => void) => Engine;
type Message = Readonly<Record<string, unknown>>;

/** Speaks the bridge protocol until the input closes; what runs then is cancelled. */
export async function serve({ input, output, environment }: ServeParts): Promise<void> {
  // The output belongs to the protocol alone: whatever a library prints goes to stderr.
  for (const method of ['log', 'info', 'debug', 'warn'] as const)
    globalThis.console[method] = (...words: unknown[]) => globalThis.console.error(...words);
  let sending = Promise.resolve();
  const send = (message: Message): Promise<void> =>
    (sending = sending.then(async () => {
      if (!output.write(`${JSON.stringify(message)}\n`)) await once(output, 'drain');
    }));
  const running = new Map<unknown, AbortController>();
  const requests = new Set<Promise<void>>();
  let engineOf: EngineOf | undefined;
  let supplied: SuppliedSecrets = {};

  const handle = async (line: string): Promise<void> => {
    const message = parse(line);
    switch (message.type) {
      case 'hello': {
        if (message.protocol !== protocolVersion)
          throw new BridgeProtocolError(
            `The module speaks protocol ${String(message.protocol)}, the engine ${protocolVersion}.`,
          );
        const config = typeof message.config === 'string' ? message.config : undefined;
        supplied = suppliedBy(message);
        engineOf = (warned) => new Engine(environment, config, supplied, warned);
        return;
      }
      case 'request': {
        if (!engineOf) throw new BridgeProtocolError('A request came before the hello.');
        const request = answer(engineOf, message, running, send).finally(() => requests.delete(request));
        requests.add(request);
        return;
      }
      case 'secrets':
        supplied = { ...supplied, ...suppliedBy(message) };
        return;
      case 'cancel':
        running.get(message.id)?.abort();
        return;
      default:
        throw new BridgeProtocolError(`There is no message of the type "${String(message.type)}".`);
    }
  };

  await send({
    type: 'hello',
    protocol: protocolVersion,
    engine: version,
    node: process.versions.node,
    pid: environment.processId,
  });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    // Windows PowerShell may write a byte order mark first.
    const text = line.replace(/^\uFEFF/, '').trim();
    if (text === '') continue;
    try {
      await handle(text);
    } catch (error) {
      await send({ type: 'error', error: reportOf(error) });
    }
  }
  for (const cancel of running.values()) cancel.abort();
  await Promise.all(requests);
  await sending;
}

function suppliedBy({ secrets }: Message): SuppliedSecrets {
  const given = typeof secrets === 'object' && secrets !== null ? Object.entries(secrets) : [];
  return Object.fromEntries(given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function parse(line: string): Message {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    throw new BridgeProtocolError('A line is not JSON.');
  }
  if (typeof message !== 'object' || message === null) throw new BridgeProtocolError('A line is not a JSON object.');
  return message as Message;
}

async function answer(
  engineOf: EngineOf,
  { id, method, params }: Message,
  running: Map<unknown, AbortController>,
  send: (message: Message) => Promise<void>,
): Promise<void> {
  const cancel = new AbortController();
  running.set(id, cancel);
  try {
    const command = commands.get(String(method));
    if (!command)
      throw new UsageError(
        `The engine has no method "${String(method)}".`,
        `Use one of: ${[...commands.keys()].join(', ')}.`,
      );
    await using engine = engineOf((message) => void send({ type: 'warning', id, message }));
    const { data, exitCode } = await command.run(
      engine,
      (params ?? {}) as Record<string, unknown>,
      { progress: (event) => void send({ type: 'progress', id, data: event }) },
      cancel.signal,
    );
    await send({ type: 'result', id, data, exitCode });
  } catch (error) {
    await send({ type: 'error', id, error: reportOf(error) });
  } finally {
    running.delete(id);
  }
}
