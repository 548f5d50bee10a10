import type { Readable } from 'node:stream';
import { Engine } from '../commands/engine.ts';
import { fitToShow } from '../commands/fit-to-show.ts';
import { commands } from '../commands/registry.ts';
import type { Watcher } from '../commands/watcher.ts';
import { openedSecrets, type SuppliedSecrets, type UnopenedSecret } from '../config/secrets.ts';
import type { Environment } from '../environment.ts';
import { BridgeProtocolError, UsageError } from '../errors/command-errors.ts';
import { reportOf } from '../errors/integrator-error.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { shownData } from '../shown-text.ts';
import { version } from '../version.ts';
import { messageLines, type UntakenLine } from './message-lines.ts';
import { Outlet } from './outlet.ts';

/** Version of the protocol in docs/bridge-protocol.md. */
const protocolVersion = 1;

/** The two pipes of the bridge. */
export interface ServeParts {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly environment: Environment;
}

type EngineOf = (watcher: Watcher) => Engine;
type Message = Readonly<Record<string, unknown>>;

/**
 * Speaks the bridge protocol until the input closes, or the client takes no more of the output; what runs then is cancelled.
 * Answers whether the client took all that was sent.
 */
export async function serve({ input, output, environment }: ServeParts): Promise<boolean> {
  // The output belongs to the protocol alone: whatever a library prints goes to stderr.
  for (const method of ['log', 'info', 'debug', 'warn'] as const)
    globalThis.console[method] = (...words: unknown[]) => globalThis.console.error(...words);
  const outlet = new Outlet(output);
  const running = new Map<unknown, AbortController>();
  const requests = new Set<Promise<void>>();
  let engineOf: EngineOf | undefined;
  let supplied: SuppliedSecrets = {};
  const secrets = new KnownSecrets();

  const handle = (line: string | UntakenLine): void => {
    if (typeof line !== 'string') throw new BridgeProtocolError(`A line ${line.problem}.`);
    const message = parse(line);
    switch (message.type) {
      case 'hello': {
        if (message.protocol !== protocolVersion)
          throw new BridgeProtocolError(
            `The module speaks protocol ${String(message.protocol)}, the engine ${protocolVersion}.`,
          );
        const config = message.config ?? undefined;
        // Taken for left out, it would mean the settings of another instance.
        if (config !== undefined && typeof config !== 'string')
          throw new BridgeProtocolError('The config of the hello is not a text.');
        supplied = suppliedBy(message);
        secrets.add(openedSecrets(supplied));
        const verbose = message.verbose === true;
        engineOf = ({ told, ...watcher }) =>
          new Engine(environment, config, supplied, { ...watcher, ...(verbose && told && { told }) }, secrets);
        return;
      }
      case 'request': {
        if (!engineOf) throw new BridgeProtocolError('A request came before the hello.');
        const { id } = message;
        if (typeof id !== 'number' && typeof id !== 'string')
          throw new BridgeProtocolError('A request has no id that is a number or a text.');
        if (running.has(id)) throw new BridgeProtocolError(`A request with the id ${id} is still at work.`);
        const request = answer({ engineOf, secrets, outlet }, message, running).finally(() => requests.delete(request));
        requests.add(request);
        return;
      }
      case 'secrets':
        supplied = { ...supplied, ...suppliedBy(message) };
        secrets.add(openedSecrets(supplied));
        return;
      case 'cancel':
        running.get(message.id)?.abort();
        return;
      default:
        throw new BridgeProtocolError(`There is no message of the type "${String(message.type)}".`);
    }
  };

  void outlet.send({
    type: 'hello',
    protocol: protocolVersion,
    engine: version,
    node: process.versions.node,
    pid: environment.processId,
  });
  for await (const line of linesUntil(input, outlet.gone)) {
    // Windows PowerShell may write a byte order mark first.
    const text = typeof line === 'string' ? line.replace(/^\uFEFF/, '').trim() : line;
    if (text === '') continue;
    try {
      handle(text);
    } catch (error) {
      void outlet.send({ type: 'error', error: shownData(secrets.mask(reportOf(error))) });
    }
  }
  outlet.ending();
  for (const cancel of running.values()) cancel.abort();
  await Promise.all(requests);
  return outlet.ended();
}

/** The lines of the input until it ends, or the signal comes. */
async function* linesUntil(input: ServeParts['input'], signal: AbortSignal): AsyncGenerator<string | UntakenLine> {
  const end = (): void => void (input as Partial<Readable>).destroy?.();
  signal.addEventListener('abort', end, { once: true });
  try {
    if (!signal.aborted) yield* messageLines(input);
  } catch (error) {
    // An input that breaks has ended, too; where it was ended here, nothing is wrong.
    if (!signal.aborted) globalThis.console.error(reportOf(error).message);
  }
}

function suppliedBy({ secrets, problems }: Message): SuppliedSecrets {
  const given = Object.entries(secrets ?? {});
  if (
    typeof (secrets ?? {}) !== 'object' ||
    !given.every((entry): entry is [string, string] => typeof entry[1] === 'string')
  )
    throw new BridgeProtocolError('Secrets are not texts by the path of their setting.');
  const unopened = Object.entries(problems ?? {});
  if (!unopened.every((entry): entry is [string, UnopenedSecret] => isUnopened(entry[1])))
    throw new BridgeProtocolError('Problems are not a problem and an advice by the path of their setting.');
  return Object.fromEntries([...unopened, ...given]);
}

function isUnopened(value: unknown): boolean {
  const { problem, advice } = (value ?? {}) as Partial<Record<keyof UnopenedSecret, unknown>>;
  return typeof problem === 'string' && typeof advice === 'string';
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

interface Answering {
  readonly engineOf: EngineOf;
  readonly secrets: KnownSecrets;
  readonly outlet: Outlet;
}

async function answer(
  { engineOf, secrets, outlet }: Answering,
  { id, method, params }: Message,
  running: Map<unknown, AbortController>,
): Promise<void> {
  const cancel = new AbortController();
  running.set(id, cancel);
  secrets.addNamed({ ...(params as object) });
  secrets.addNamed({ ...(params as { changes?: object } | undefined)?.changes });
  try {
    const command = typeof method === 'string' ? commands.get(method) : undefined;
    if (!command)
      throw new UsageError(
        `The engine has no method "${String(method)}".`,
        `Use one of: ${[...commands.keys()].join(', ')}.`,
      );
    await using engine = engineOf({
      warned: (message) => void outlet.send({ type: 'warning', id, message: shownData(message) }),
      step: (step) => void outlet.send({ type: 'progress', id, data: shownData(step) }),
      told: (line) => void outlet.send({ type: 'log', id, line: shownData(line) }),
    });
    const { data, exitCode } = await command.run(
      engine,
      (params ?? {}) as Record<string, unknown>,
      {
        progress: (event) => void outlet.send({ type: 'progress', id, data: shownData(secrets.mask(event)) }),
        items: (some) => outlet.send({ type: 'items', id, data: shownData(secrets.mask(some)) }),
      },
      cancel.signal,
    );
    await engine.knowSecrets();
    await outlet.send({ type: 'result', id, data: fitToShow(command.name, data, secrets), exitCode });
  } catch (error) {
    await outlet.send({ type: 'error', id, error: shownData(secrets.mask(reportOf(error))) });
  } finally {
    running.delete(id);
  }
}
