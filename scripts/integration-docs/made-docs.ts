import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import type { Integration } from '../../node/src/integrations/integration.ts';
import type { Descriptor } from '../../node/src/integrations/kit/descriptor/descriptor.ts';
import { begins, ends, integrationPage, slugOf, table } from './integration-page.ts';

/** A file of the documentation, and what it should hold. */
export interface MadeFile {
  readonly path: string;
  readonly content: string;
}

/**
 * The pages made from descriptors, and the tables of all integrations. A page that was written by hand, without the lines between which
 * it is made, stays as it is.
 */
export async function madeDocs(
  root: string,
  integrations: readonly Integration[],
  descriptors: readonly Descriptor[],
): Promise<readonly MadeFile[]> {
  const files: MadeFile[] = [];
  for (const descriptor of descriptors) {
    const path = `docs/integrations/${slugOf(descriptor)}.md`;
    const page = await format(integrationPage(descriptor), { parser: 'markdown', printWidth: 140 });
    const content = existsSync(join(root, path)) ? within(read(root, path), page.trimEnd()) : page;
    if (content !== undefined) files.push({ path, content });
  }
  for (const [path, folder] of [
    ['README.md', 'docs/integrations/'],
    ['docs/integrations/README.md', ''],
  ] as const) {
    const list = await format(`${begins}\n\n${overview(integrations, folder)}\n\n${ends}`, {
      parser: 'markdown',
      printWidth: 140,
    });
    const content = within(read(root, path), list.trimEnd());
    if (content !== undefined) files.push({ path, content });
  }
  return files;
}

function overview(integrations: readonly Integration[], folder: string): string {
  return table(
    ['Integration', 'Name', 'Entities'],
    integrations.map((one) => [
      `[${one.displayName}](${folder}${slugOf(one)}.md)`,
      `\`${one.name}\``,
      one.entities.map(({ name }) => name).join(', '),
    ]),
  );
}

const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');

/** The file with what stands between the two lines made anew; undefined where they are not there. */
function within(content: string, made: string): string | undefined {
  const [from, to] = [content.indexOf(begins), content.indexOf(ends)];
  return from < 0 || to < from ? undefined : content.slice(0, from) + made + content.slice(to + ends.length);
}
