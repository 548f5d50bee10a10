import { IntegratorError } from '../../errors/integrator-error.ts';
import { ownRecords } from '../../reading/record-shape.ts';
import type { VendorPage } from '../../reading/vendor-page.ts';
import type { EntityContext } from '../entity.ts';
import type { Directory } from '../kit/ldap/directory.ts';
import { openDirectory } from '../kit/ldap/open-directory.ts';
import type { Source } from '../source.ts';
import { filterOf, type DirectoryMapping } from './directory-mappings.ts';
import { identityAttributes, personOf, type DirectoryPerson } from './directory-person.ts';
import { addressOf } from './directory-settings.ts';

/** What Active Directory gives at once unless somebody raised it (MaxPageSize). */
const largestPage = 1000;
const usualPage = 500;

/**
 * The people of a connection's mappings, container after container. Who is in a deeper container that is mapped as well comes once, by
 * that one. A container that cannot be read keeps no other from being read, but the set is not whole then. A run that stopped begins
 * anew: what a directory gives in pages is good for one connection only, and it is quick.
 */
export function peopleOf(
  mappings: readonly DirectoryMapping[],
  attributes: readonly string[],
  context: EntityContext,
): Source<DirectoryPerson> {
  return { shape: ownRecords<DirectoryPerson>(), pages: () => readPeople(mappings, attributes, context) };
}

async function* readPeople(
  mappings: readonly DirectoryMapping[],
  attributes: readonly string[],
  context: EntityContext,
): AsyncGenerator<VendorPage> {
  await using directory = await openDirectory(addressOf(context), context.signal);
  const asked = [...new Set([...identityAttributes, ...attributes])];
  const seen = new Set<string>();
  let failure: IntegratorError | undefined;
  for (const mapping of mappings) {
    try {
      for await (const page of pagesOf(directory, mapping, asked, seen, context))
        yield failure ? { ...page, incomplete: true } : page;
    } catch (error) {
      if (context.signal.aborted || !(error instanceof IntegratorError) || mappings.length === 1) throw error;
      context.warn(`${error.message} ${error.advice}`);
      failure ??= error;
    }
  }
  if (failure) throw failure;
}

async function* pagesOf(
  directory: Directory,
  mapping: DirectoryMapping,
  attributes: readonly string[],
  seen: Set<string>,
  { connection }: EntityContext,
): AsyncGenerator<VendorPage> {
  const { base, scope } = mapping;
  const pages = directory.search({
    ...{ base, scope, attributes },
    filter: filterOf(mapping, connection, directory.facts.kind),
    pageSize: Math.min(largestPage, Math.max(1, Number(connection.row['LCPageSize']) || usualPage)),
  });
  let begins = true;
  let held: VendorPage | undefined;
  const list = { name: `mapping ${mapping.id}` };
  for await (const entries of pages) {
    if (held) yield held;
    const people = entries.map((entry) => personOf(entry, mapping, directory.facts));
    const fresh = people.filter(({ guid }) => guid === undefined || !seen.has(guid));
    for (const { guid } of fresh) if (guid !== undefined) seen.add(guid);
    held = { records: fresh, list: { ...list, begins, items: entries.length } };
    begins = false;
  }
  // The directory gave no cookie to go on with: this was the last page.
  yield held
    ? { ...held, list: { ...held.list, end: 'no-next' } }
    : { records: [], list: { ...list, begins, items: 0, end: 'no-next' } };
}
