import { IntegratorError } from '../../errors/integrator-error.ts';
import { errorChain, type DriverError } from './error-chain.ts';

/** Why the database does not do its work now. */
export interface BusyCause {
  /** In an administrator's words, a clause without a full stop. */
  readonly text: string;
  /** Tables on which somebody else has a lock, where that is the cause; one of them at least is to be waited for. */
  readonly lockedTables?: readonly string[];
}

/** What a lock is waited for, and who has it, as far as the server tells. */
export interface TableHolder {
  readonly table: string;
  readonly host: string;
  readonly program: string;
  readonly login: string;
  readonly process: string;
  /** Seconds since its transaction began; undefined where the server does not say. */
  readonly seconds: number | undefined;
}

interface Known {
  readonly numbers: readonly number[];
  readonly words: RegExp;
  readonly text: string;
}

const deadlock: Known = {
  numbers: [1205],
  words: /deadlock/i,
  text: 'it met another program in a deadlock and gave way',
};
const lock: Known = {
  numbers: [1222],
  words: /lock timeout|lock request time ?out/i,
  text: 'somebody else keeps rows locked',
};
/** In the order they are looked for: the driver wraps what the server says in what it says of the connection. */
const known: readonly Known[] = [
  {
    numbers: [596, 6005, 17142],
    words: /kill state|terminating connection|connection was killed/i,
    text: 'its session was ended on the server: by an administrator, or as the server stops',
  },
  {
    numbers: [3960, 3957, 3966, 41301, 41302, 41305, 41325, 41839, 601],
    words: /could not serialize/i,
    text: 'somebody else changed the same rows at the same moment',
  },
  { numbers: [8628, 8645, 8651, 1204, 1221], words: /out of memory/i, text: 'the server has no memory for it now' },
  {
    numbers: [615, 617, 669, 921, 922, 927, 952, 3980, 976, 978, 979, 982, 983, 1479, 17187, 18401],
    words: /the database system is/i,
    text: 'the server or the database is starting, stopping or failing over',
  },
  { numbers: [], words: /^ETIMEOUT$/, text: 'no answer came in time' },
  {
    numbers: [64, 121, 233, 10053, 10054, 10060],
    words:
      /^(ESOCKET|ECONNCLOSED|ENOTOPEN|ECONNRESET|EPIPE|EINVALIDSTATE)$|connection (is closed|lost)|ECONNRESET|EPIPE/i,
    text: 'the connection was lost',
  },
];

/** The cause of a failure that may pass. */
export function causeOf(error: unknown): BusyCause {
  const chain = [...errorChain(error)];
  const is = ({ numbers, words }: Known): boolean =>
    chain.some(
      ({ number = 0, code = '', message = '' }) =>
        numbers.includes(number) || words.test(String(code)) || words.test(message),
    );
  if (error instanceof IntegratorError) return { text: withoutStop(error.message) };
  if (is(deadlock)) return { text: deadlock.text };
  if (is(lock)) return { text: lock.text, lockedTables: tablesOf(chain) };
  const found = known.find(is);
  const [first] = chain;
  return { text: found?.text ?? withoutStop(first?.message ?? String(error)) };
}

/** The cause, and who has the lock where somebody asked the server. */
export function describeCause({ text, lockedTables = [] }: BusyCause, holder: TableHolder | undefined): string {
  if (!holder) return lockedTables.length === 0 ? text : `${text} (of ${lockedTables.join(' or ')})`;
  const { table, program, login, host, process, seconds } = holder;
  const since = seconds === undefined ? '' : `, for ${ageOf(seconds)}`;
  return `${table} is locked by ${program} (login ${login}, on ${host}, process ${process})${since}`;
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

function tablesOf(chain: readonly DriverError[]): readonly string[] {
  return chain.find(({ tables }) => tables !== undefined)?.tables ?? [];
}

/** The tables that a statement of ours reads or writes. */
export function tablesIn(sql: string): string[] {
  const named = sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE) \[((?:[^\]]|\]\])+)\]/g);
  return [...new Set([...named].map(([, name = '']) => name.replaceAll(']]', ']')))];
}
