/** Where SQL Server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port?: number;
  readonly instance?: string;
}

/** The default instance's own name; it is not asked for by name. */
const defaultInstance = 'mssqlserver';

/** Reads `server`, `server\instance` and `server,port` (also with `tcp:`); a port wins over an instance. */
export function parseServer(server: string): ServerAddress {
  const [place = '', port] = server.trim().replace(/^tcp:/i, '').split(',');
  const [name = '', instance] = place.trim().split('\\');
  const host = name === '.' || name.toLowerCase() === '(local)' ? 'localhost' : name;
  if (port !== undefined) return { host, port: Number(port) };
  return instance && instance.toLowerCase() !== defaultInstance ? { host, instance } : { host, port: 1433 };
}
