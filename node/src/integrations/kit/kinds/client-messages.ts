import { cutText } from '../../../shown-text.ts';
import type { NamedClient, VendorClients } from './vendor-clients.ts';

/** A client of the vendor's whose name was looked for. */
export interface NamedVendorClient extends Partial<NamedClient> {
  readonly id: string;
  /** The vendor's own list of clients has none of this id. */
  readonly unlisted?: boolean;
}

/** Characters of a name or an id: the vendor may give any, and what is to be done about it stands behind. */
const longest = 200;

/** Why no client of Halo's can be named, in an administrator's words. */
export function clientMessages(vendor: string, { noun = 'client', entity = 'the clients' }: VendorClients) {
  const called = ({ id, name }: NamedVendorClient): string =>
    `The ${vendor} ${noun} ${name === undefined ? cutText(id, longest) : `"${cutText(name, longest)}"`}`;
  const toOne = `map the ${noun} to one of them in Halo.`;

  return {
    /** @param mapped it is mapped to them; else it is linked */
    several(client: NamedVendorClient, halo: readonly number[], mapped: boolean): string {
      const clients = `several clients in Halo (${halo.join(', ')})`;
      return mapped
        ? `${called(client)} is mapped to ${clients}: leave one mapping.`
        : `${called(client)} is linked to ${clients}: ${toOne}`;
    },
    namesake(client: NamedVendorClient, other: string): string {
      return `${called(client)} has the name of another one (${other}): map both in Halo.`;
    },
    /** @param free those of the candidates that are none of the vendor's other clients */
    notNamed(client: NamedVendorClient, candidates: readonly number[], free: readonly number[]): string {
      const { leftOut, unlisted } = client;
      const [id, name] = [cutText(client.id, longest), client.name && cutText(client.name, longest)];
      const fix = `map the ${noun} in Halo, or sync ${entity}.`;
      if (unlisted) return `${vendor} lists no ${noun} ${id}, and none is linked or mapped in Halo.`;
      if (name === undefined) return `${called(client)} is neither mapped nor linked in Halo: ${fix}`;
      if (candidates.length === 0)
        return `${called(client)} has no client in Halo${leftOut === undefined ? `: ${fix}` : `, and ${leftOut}`}`;
      if (free.length === 0)
        return `The client in Halo named "${name}" belongs to another ${vendor} ${noun}: map this one to a client in Halo.`;
      return `${free.length} clients in Halo are named "${name}" like the ${vendor} ${noun} (${free.join(', ')}): ${toOne}`;
    },
  };
}
