import { agent } from './agent.ts';
import { client } from './client.ts';
import { externalLink } from './external-link.ts';
import { integrationSiteMapping } from './integration-site-mapping.ts';
import { item } from './item.ts';
import type { Resource } from './resource.ts';
import { site } from './site.ts';
import { softwareLicence } from './software-licence.ts';
import { supplier } from './supplier.ts';
import { users } from './users.ts';

/** Every resource the built-in API has, by lower-cased name. */
export const resources: ReadonlyMap<string, Resource> = new Map(
  [client, site, users, agent, item, supplier, softwareLicence, externalLink, integrationSiteMapping].map((one) => [
    one.name.toLowerCase(),
    one,
  ]),
);
