import type { SettingsFault } from '../errors/config-errors.ts';
import type { DatabaseSettings } from './settings.ts';

const forms = 'give it as sql01, sql01\\HALO (in JSON "sql01\\\\HALO") or sql01,1433';

/** Whether `Database.Server` is `server`, `server\instance` or `server,port`; and where not, what was most likely meant. */
export function serverFaults({ Server }: Partial<DatabaseSettings>): SettingsFault[] {
  if (typeof Server !== 'string') return [];
  const found = faultIn(Server.trim());
  return found ? [{ path: 'Database.Server', problem: found[0], fix: found[1] }] : [];
}

type Found = readonly [problem: string, fix: string];

function faultIn(server: string): Found | undefined {
  // Never quoted: it may hold a password.
  if (server.includes('=') || server.includes(';'))
    return [
      'is a connection string',
      'give its parts one by one: its Server or Data Source as Database.Server, its Database or Initial Catalog as Database.Name, the login as Database.Username and Database.Password (Set-HaloDbConfig -Credential)',
    ];
  const shown = `is "${server}"`;
  if (/^\(localdb\)/i.test(server))
    return [
      `${shown}, and LocalDB takes no connections over TCP`,
      'give the SQL Server that Halo uses, such as sql01\\HALO; a database of this engine\'s own is "(embedded)"',
    ];
  const web = /^https?:\/\/([^/:]+)/i.exec(server);
  if (web) return [`${shown}, which is a web address`, `give the name of the SQL Server alone: ${web[1]}`];
  const other = /^(np|lpc|admin|dac|vianamedpipes):/i.exec(server);
  if (other || /\\pipe\\/i.test(server))
    return [
      `${shown}, which is no connection over TCP`,
      'switch TCP/IP on in SQL Server Configuration Manager, and give sql01\\HALO or sql01,1433',
    ];
  const port = /^(?:tcp:)?(\[[^\]]+\]|[^:,]+):(\d+)$/i.exec(server);
  if (port) return [shown, `write the port behind a comma: ${port[1]},${port[2]}`];
  const slash = /^((?:tcp:)?[^/\\]+)\/([^/\\]+)$/i.exec(server);
  if (slash)
    return [
      shown,
      `write the instance behind a backslash: ${slash[1]}\\${slash[2]} (in JSON "${slash[1]}\\\\${slash[2]}")`,
    ];
  const slashes = /^\\*([^\\,]+)\\+([^\\,]+)$/.exec(server);
  if (slashes && server !== `${slashes[1]}\\${slashes[2]}`)
    return [shown, `write one backslash: ${slashes[1]}\\${slashes[2]} (in JSON, and there alone, it is written twice)`];
  const [place = '', number, ...rest] = server.replace(/^tcp:/i, '').split(',');
  const valid = Number(number ?? 1);
  const isPlace = place.trim() !== '' && !/[\\\s]$|^\\|\\.*\\/.test(place.trim());
  if (isPlace && rest.length === 0 && Number.isInteger(valid) && valid > 0 && valid < 65_536) return undefined;
  return [shown, forms];
}
