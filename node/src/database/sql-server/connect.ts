import type sql from 'mssql';
import { DatabaseMissingError } from '../../errors/database-errors.ts';
import { IntegratorError } from '../../errors/integrator-error.ts';
import { connectFailure, isDatabaseAway, type ConnectionNames, type ServerMessage } from './connect-failure.ts';
import { causeOf } from './busy-cause.ts';
import type { Driver } from './driver.ts';
import { errorChain } from './error-chain.ts';
import { tellerOf, type DatabaseNotices } from './repeating.ts';
import { FinalFailure, retrying, unwrapped, type RetryOccasion } from './retry.ts';
import { isTransientNumber } from './transient-errors.ts';

/** A pool, and how many connections it has made. */
export interface OpenPool {
  readonly pool: sql.ConnectionPool;
  connections(): number;
}

/** Opens pools to one server, and names what went wrong with their connections. */
export interface Connector {
  /**
   * Throws the error class of the cause; a server that is only busy or moving is tried again, and a FinalFailure says that it was to
   * no avail.
   */
  open(purpose: string, connections: number): Promise<OpenPool>;
  /** A failed statement's error where no connection could be made for it; other errors come back as they are. */
  named(error: unknown): unknown;
  /** The same for failures that may pass by the next try, where the error itself does not look so. */
  passing(error: unknown): unknown;
}

/** Tries for a database that cannot be opened at first: it may be starting, and the name may be wrong. */
const triesForDatabase = 3;

/** What connections are made from. */
export interface ConnectorParts extends RetryOccasion {
  readonly driver: () => Promise<Driver>;
  readonly names: ConnectionNames;
  /** Told of each repetition. */
  readonly notices?: DatabaseNotices | undefined;
  /** Around each time that a connection is made. */
  during?<T>(work: () => Promise<T>): Promise<T>;
  /** Configurations to try in turn, while the one before asks for a driver that is not installed. */
  config(purpose: string, connections: number): Promise<readonly sql.config[]>;
}

/** Makes a connector. */
export function createConnector(parts: ConnectorParts): Connector {
  // What the server said while the last connection was made. The driver itself gives the last message only, and a missing
  // database is told in the one before "login failed".
  let said: ServerMessage[] = [];
  let opened = false;
  const listen = (connection: TellingConnection): void => {
    said = [];
    connection.on?.('errorMessage', ({ number, message }) => said.push({ number, message }));
  };
  const named = (error: unknown): unknown =>
    isConnectionError(error) ? connectFailure(error, parts.names, said, opened) : error;

  async function once(config: sql.config, tries: number): Promise<OpenPool> {
    const { ConnectionPool } = await parts.driver();
    let made = 0;
    const beforeConnect = (connection: TellingConnection): void => {
      made++;
      listen(connection);
    };
    const pool = new ConnectionPool({ ...config, beforeConnect } as sql.config);
    // The driver reports a lost idle connection here too; the next use opens another.
    pool.on('error', () => undefined);
    try {
      await pool.connect();
      opened = true;
      return { pool, connections: () => made };
    } catch (error) {
      const failure = connectFailure(error, parts.names, said, opened);
      if (isTold(failure)) throw failure;
      if (failure instanceof DatabaseMissingError && tries < triesForDatabase)
        throw connectFailure(error, parts.names, said, true);
      throw new FinalFailure(failure);
    }
  }

  /** Whether the server itself said that it, or the database that was open before, is away for a while. */
  const isTold = (failure: unknown): boolean =>
    failure instanceof IntegratorError &&
    failure.retryable &&
    said.some(({ number }) => isTransientNumber(number) || (opened && isDatabaseAway(number)));

  return {
    named,
    passing(error) {
      const failure = named(error);
      return isTold(failure) ? failure : error;
    },
    async open(purpose, connections) {
      const configs = await parts.config(purpose, connections);
      for (const [at, config] of configs.entries()) {
        try {
          let tries = 0;
          const tell = tellerOf({ ...parts, purpose }, parts.clock.now().getTime());
          const again: RetryOccasion['again'] = (one) => tell(causeOf(one.failure).text, one);
          const connect = (): Promise<OpenPool> => retrying({ ...parts, again }, () => once(config, ++tries));
          return await (parts.during ? parts.during(connect) : connect());
        } catch (error) {
          const failure = unwrapped(error);
          if (at < configs.length - 1 && isDriverMissing(failure)) continue;
          throw error instanceof FinalFailure ? failure : new FinalFailure(error);
        }
      }
      throw new Error('there is no configuration to connect with');
    },
  };
}

/** What of the driver's connection is listened to; that of ODBC tells nothing. */
interface TellingConnection {
  on?(event: string, listener: (message: ServerMessage) => void): void;
}

function isConnectionError(error: unknown): boolean {
  for (const one of errorChain(error)) if (one instanceof Error && one.name === 'ConnectionError') return true;
  return false;
}

/** ODBC's "data source name not found and no default driver specified". */
function isDriverMissing(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && /IM002|no default driver specified/i.test(cause.message);
}
