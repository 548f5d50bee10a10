/**
 * Where the project is on the web, from `homepage` and `repository` of a package.json; undefined while it has neither.
 * `project` is its page; `page` that of one of its files.
 */
export function publicAddresses({ homepage, repository }) {
  const repositoryPage = pageOf(typeof repository === 'object' ? repository?.url : repository);
  const project = homepage || repositoryPage;
  if (!project) return undefined;
  const onGitHub = repositoryPage?.startsWith('https://github.com/');
  const files = onGitHub ? `${repositoryPage}/blob/HEAD` : project.replace(/\/+$/, '');
  return { project, page: (path) => `${files}/${path}` };
}

/** The page of a repository, which npm lets be written in several ways: https://docs.npmjs.com/cli/configuring-npm/package-json#repository */
function pageOf(repository) {
  if (!repository) return undefined;
  const short = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(repository);
  if (short) return `https://github.com/${short[1]}`;
  return repository
    .replace(/^git\+/, '')
    .replace(/^(?:git|ssh):\/\/(?:git@)?/, 'https://')
    .replace(/\.git$/, '');
}
