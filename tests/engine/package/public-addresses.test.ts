import { describe, expect, it } from '@jest/globals';
import packageJson from '../../../package.json' with { type: 'json' };

interface Addresses {
  readonly project: string;
  page(path: string): string;
}

const { publicAddresses } = (await import('../../../scripts/public-addresses.mjs' as string)) as {
  publicAddresses(of: object): Addresses | undefined;
};

describe('where the project is on the web', () => {
  it.each([
    'https://github.com/example/halo',
    'https://github.com/example/halo.git',
    'git+https://github.com/example/halo.git',
    'git://github.com/example/halo.git',
    'git+ssh://git@github.com/example/halo.git',
    'github:example/halo',
    'example/halo',
    { type: 'git', url: 'git+https://github.com/example/halo.git' },
  ])('is what package.json says as its repository: %j', (repository) => {
    const addresses = publicAddresses({ repository });
    expect(addresses?.project).toBe('https://github.com/example/halo');
    expect(addresses?.page('LICENSE')).toBe('https://github.com/example/halo/blob/HEAD/LICENSE');
  });

  it('is its homepage, under which the files are where the repository tells none', () => {
    const homepage = 'https://halo.example.com/integrator/';
    expect(publicAddresses({ homepage })?.page('docs/cmdlets.md')).toBe(`${homepage}docs/cmdlets.md`);
    const both = publicAddresses({ homepage, repository: 'example/halo' });
    expect([both?.project, both?.page('LICENSE')]).toEqual([
      homepage,
      'https://github.com/example/halo/blob/HEAD/LICENSE',
    ]);
  });

  it('is nowhere while package.json has neither, and none is invented', () => {
    expect(publicAddresses({ homepage: '', repository: '' })).toBeUndefined();
    const own = packageJson as { homepage?: string; repository?: unknown };
    if (own.homepage === undefined && own.repository === undefined) expect(publicAddresses(own)).toBeUndefined();
  });
});
