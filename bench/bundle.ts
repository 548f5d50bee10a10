import { build } from 'esbuild';

/** Makes a benchmark one file with the engine it measures, which starts as the shipped bundle does. @param external what stays outside */
export async function bundleBench(entry: string, outfile: string, external: string[] = []): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    external,
  });
}
