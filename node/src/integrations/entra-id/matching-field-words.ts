import { agentMatching, userMatching } from '../kit/kinds/matching-fields.ts';

/** What a matching field of Halo’s may be called, and the fields of a user it stands for. */
export const UserFields = { ...userMatching, azureoid: ['azureoid'], objectid: ['azureoid'] };
/** The same of an agent, who has no login of its own in Halo: who signs in with Entra does so by the address. */
export const AgentFields = { ...agentMatching, userprincipalname: ['email'], upn: ['email'] };

/** The words the setting MatchingFieldNames takes. */
export const matchingFieldWords = [...new Set([...Object.keys(UserFields), ...Object.keys(AgentFields)])];
