import type { HaloObject } from '../../../../halo-api/halo-api.ts';
import { comparedText } from '../../../../halo-api/values/compared-text.ts';
import { users } from '../../../../halo-api/resources/users.ts';
import type { MappingBasis } from '../../../entity.ts';
import type { KindContext } from '../kind.ts';

/** A user an asset belongs to. */
export interface AssetOwner {
  readonly id: number;
  readonly site_id: number;
}

/** Finds the users of assets, many at once. */
export interface OwnerFinder {
  /** Answers each in order: the candidates of one asset, and the client it is at. */
  find(
    assets: readonly { readonly owners: readonly string[]; readonly client_id?: number | undefined }[],
  ): Promise<readonly (AssetOwner | undefined)[]>;
  readonly basis: MappingBasis;
}

/** Who the candidates were, by field and text, and those who were nobody. */
interface KnownOwners {
  readonly found: readonly (readonly [key: string, users: readonly Found[]])[];
  readonly nobody: readonly string[];
}

type Found = { readonly id: number; readonly site_id: number; readonly client_id: number };

/** Halo's fields of users that one may be found by, by the names of their columns and of the API, in lower case. */
const fieldNames = new Map(
  users.fields
    .filter(({ type, readOnly }) => type === 'string' && !readOnly)
    .flatMap(({ json, column }) => [
      [json.toLowerCase(), json],
      [column.toLowerCase(), json],
    ]),
);

/**
 * The owner of an asset is the active user whose field (the one Halo's row names, else the sign-in name and the e-mail address) equals one
 * of the candidates. A sign-in name says little outside of its client: it finds users of the asset's own client only, an e-mail address any.
 * Of several, none is meant; the user that stands for nobody in particular (CONTROL2.rgeneraluser) never is.
 *
 * @param idField field of Halo's users that holds the vendor's ids of them, where the candidates are such: of these there is one in the
 * world, and it is the user's also where that is not active
 */
export async function createOwnerFinder({ api, told, warn }: KindContext, idField?: string): Promise<OwnerFinder> {
  const fields = idField === undefined ? ownerFields(told, warn) : [idField];
  const general = comparedText((await api.settingsRows('CONTROL2'))[0]?.['rgeneraluser'] || 'General User');
  /** By field and text, the users there are; looked up once a run. */
  const known = new Map<string, readonly Found[]>();
  const keyOf = (field: string, text: string): string => `${field} ${comparedText(text)}`;

  async function lookUp(texts: Iterable<string>): Promise<void> {
    const all = [...new Set([...texts].flatMap(formsOf))];
    for (const field of fields) {
      const open = all.filter((text) => !known.has(keyOf(field, text)));
      if (open.length === 0) continue;
      const found = Map.groupBy(await api.listBy('Users', field, open), (user) => comparedText(user[field]));
      for (const text of open) known.set(keyOf(field, text), (found.get(comparedText(text)) ?? []).flatMap(userIn));
    }
  }

  function userIn(user: HaloObject): Found[] {
    const nobody = user['inactive'] === true || comparedText(user['name']) === general;
    if (idField === undefined && nobody) return [];
    return [{ id: Number(user['id']), site_id: Number(user['site_id']), client_id: Number(user['client_id'] ?? 0) }];
  }

  function ownerOf(owners: readonly string[], client: number | undefined): AssetOwner | undefined {
    for (const text of owners.flatMap(formsOf)) {
      for (const field of fields) {
        const all = known.get(keyOf(field, text)) ?? [];
        const own = client === undefined ? [] : all.filter(({ client_id }) => client_id === client);
        const anywhere = idField !== undefined || (own.length === 0 && text.includes('@'));
        const meant = anywhere ? all : own;
        const [one, second] = meant;
        if (one && !second) return { id: one.id, site_id: one.site_id };
      }
    }
    return undefined;
  }

  return {
    async find(assets) {
      await lookUp(assets.flatMap(({ owners }) => owners));
      return assets.map(({ owners, client_id }) => ownerOf(owners, client_id));
    },
    basis: {
      async value(): Promise<KnownOwners> {
        const found = [...known].filter(([, users]) => users.length > 0);
        const texts = new Set(found.map(([key]) => textOf(key)));
        // One whom nobody was may be somebody by the next run, whose asset then is theirs.
        const nobody = new Set([...known.keys()].map(textOf).filter((text) => !texts.has(text)));
        return { found: found.sort(([one], [other]) => (one < other ? -1 : 1)), nobody: [...nobody].sort() };
      },
      async lookUpAgain(earlier) {
        const { found, nobody } = earlier as KnownOwners;
        await lookUp([...found.map(([key]) => textOf(key)), ...nobody]);
      },
    },
  };
}

function textOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

/** `DOMAIN\jane` is jane as well. */
function formsOf(candidate: string): string[] {
  const text = candidate.trim();
  const [, behind] = /^[^\\]*\\(.+)$/.exec(text) ?? [];
  return [text, behind?.trim() ?? ''].filter((one) => one !== '');
}

function ownerFields(told: KindContext['told'], warn: (message: string) => void): readonly string[] {
  const named = [told.userField, told.secondUserField].filter((name) => name !== undefined);
  const fields = named.flatMap((name) => {
    const field = fieldNames.get(name.replaceAll(/\s/g, '').toLowerCase());
    if (field === undefined)
      warn(`Users of assets are matched by "${name}" in Halo, whose meaning is not known: it is left out.`);
    return field ?? [];
  });
  if (told.partialUserMatch === true)
    warn('Users of assets are matched in full only: what Halo means by a partial match is not public.');
  return fields.length > 0 ? [...new Set(fields)] : ['login', 'emailaddress'];
}
