import type { SettingsFault } from '../errors/config-errors.ts';
import type { IntegrationFacts } from '../integrations/integration.ts';
import { memberOf } from './member-of.ts';
import { withSection } from './sections.ts';

/** The part behind an address that the engine puts there itself, and a tenant, which comes from elsewhere. */
const ownPath =
  /\/(?:(?:web\/)?api(?:\/v?\d[\d.]*)?|v\d[\d.]*|(?:ws\/)?oauth2?(?:\/.*)?|auth|common|organizations|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\/.*)?)\/?$/i;

/** The web addresses: Halo's, and those among the integrations' settings, which are the ones whose names say so. */
export function webAddressFaults(content: unknown, registry: readonly IntegrationFacts[]): SettingsFault[] {
  const ofIntegrations = withSection(content, registry).flatMap(({ name, settings }) =>
    Object.entries(settings)
      .filter(([key]) => key.endsWith('Url'))
      .map(([key, field]) => ({ keys: ['Integrations', name, 'Settings', key], usual: field.default })),
  );
  return [{ keys: ['HaloUrl'], usual: 'https://halo.example.com' }, ...ofIntegrations].flatMap(({ keys, usual }) => {
    const value = keys.reduce(memberOf, content);
    if (typeof value !== 'string' || value === '') return [];
    const found = faultIn(value, typeof usual === 'string' ? usual : 'https://api.example.com');
    return found ? [{ path: keys.join('.'), ...found }] : [];
  });
}

function faultIn(value: string, usual: string): Omit<SettingsFault, 'path'> | undefined {
  const address = value.trim();
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    const withScheme = `https://${address}`;
    // A name of a host, and no word.
    const meant = /^[\w-]+(\.[\w-]+)+(:\d+)?(\/\S*)?$/.test(address) && URL.canParse(withScheme) ? withScheme : usual;
    return { problem: 'is not a web address', fix: `give it as ${meant}` };
  }
  // Where the usual address has a path of its own, the whole of it is asked for.
  if (new URL(usual).pathname !== '/') return undefined;
  if (url.search !== '' || url.hash !== '')
    return { problem: 'is the address of a page', fix: `give it without what stands behind ? or #: ${url.origin}` };
  const path = ownPath.exec(url.pathname);
  if (!path) return undefined;
  const bare = `${url.origin}${url.pathname.slice(0, path.index)}`;
  return { problem: `ends in "${path[0]}", which the engine adds itself`, fix: `give it as ${bare}` };
}
