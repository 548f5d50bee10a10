import { actions } from './actions.ts';
import { agent } from './agent.ts';
import { asset } from './asset.ts';
import { assetType } from './asset-type.ts';
import { attachment } from './attachment.ts';
import { client } from './client.ts';
import { externalLink } from './external-link.ts';
import { integrationError } from './integration-error.ts';
import { integrationSiteMapping } from './integration-site-mapping.ts';
import { item } from './item.ts';
import { mailbox } from './mailbox.ts';
import type { Resource } from './resource.ts';
import { site } from './site.ts';
import { softwareLicence } from './software-licence.ts';
import { status } from './status.ts';
import { supplier } from './supplier.ts';
import { team } from './team.ts';
import { ticketType } from './ticket-type.ts';
import { tickets } from './tickets.ts';
import { users } from './users.ts';

/** Every resource the built-in API has, by lower-cased name. */
export const resources: ReadonlyMap<string, Resource> = new Map(
  [
    client,
    site,
    asset,
    assetType,
    users,
    agent,
    item,
    supplier,
    softwareLicence,
    externalLink,
    integrationSiteMapping,
    integrationError,
    tickets,
    actions,
    attachment,
    status,
    ticketType,
    team,
    mailbox,
  ].map((one) => [one.name.toLowerCase(), one]),
);
