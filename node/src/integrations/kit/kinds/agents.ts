import type { HaloRecord } from '../../../halo-api/halo-api.ts';
import { filled, givenFields, type Said } from './given-fields.ts';
import type { Kind, KindContext } from './kind.ts';

/** An agent, as a vendor gives it. */
export interface AgentRecord {
  readonly id: string;
  readonly name?: Said<string>;
  readonly firstname?: Said<string>;
  readonly surname?: Said<string>;
  readonly email?: Said<string>;
  /** The vendor says that the account is disabled. */
  readonly disabled?: boolean;
}

/** What differs between vendors. */
export interface AgentOptions {
  /** Fields by which agents who are not linked are found, each in turn. Default: the address, then the name. */
  matchFields?(context: KindContext): readonly (readonly string[])[];
  /** Whether who is disabled or gone at the vendor is disabled in Halo. Default: no. */
  deactivates?(context: KindContext): boolean;
}

/**
 * Agents: found and changed, never made, since a new agent takes a licence. Their name and address find them and stay as they are:
 * tickets carry an agent's name as text, and the address signs in. Whether one who was disabled may work again is the administrator's
 * to say.
 */
export function agents(options: AgentOptions = {}): Kind<AgentRecord> {
  return {
    resource: 'Agent',
    labels: ['Agents', 'Technicians'],
    async open(context) {
      const deactivates = options.deactivates?.(context) === true;
      return {
        mapping: {
          toHalo: async (records) =>
            records.map((agent): HaloRecord => {
              const { id, name, email, firstname, surname, disabled } = agent;
              const label = filled(name) ?? filled(email);
              return {
                fields: {
                  ...givenFields({ email, name, firstname, surname }),
                  ...(deactivates && disabled === true && { isdisabled: true }),
                },
                third_party_id: id,
                ...(label !== undefined && { third_party_desc: label }),
                update_only: true,
              };
            }),
        },
        target: {
          insertOnly: ['name', 'email'],
          matchFields: options.matchFields?.(context) ?? [['email'], ['name']],
        },
        missing: deactivates ? 'deactivated' : 'left',
      };
    },
  };
}
