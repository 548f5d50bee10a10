import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What of a setting its integration's facts say; the rest of a declaration is for who runs it. */
const field = ['type', 'secret', 'perName', 'words', 'meaning', 'codes', 'default', 'description'];

/** The schema of the settings and the integrations' facts, read from the engine's source. */
async function readSource(root) {
  const outfile = join(root, 'node_modules/.cache/halo-db-integrator/settings-schema.mjs');
  await build({
    stdin: {
      contents: `
        import { integrations } from './node/src/integrations/registry.ts';
        import { frameSchema, integrationSchema } from './node/src/config/settings-schema.ts';
        export { validatorOptions as options } from './node/src/config/schema-parts.ts';
        export { integrations };
        export const frame = frameSchema(integrations);
        export const sections = new Map(integrations.map((one) => [one.name, integrationSchema(one)]));`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(`${pathToFileURL(outfile)}?${Date.now()}`);
}

const picked = (from, names) => Object.fromEntries(names.flatMap((name) => (name in from ? [[name, from[name]]] : [])));
const madeBy = (options, schema, esm) => {
  const ajv = new Ajv({ ...options, code: { source: true, esm } });
  return standaloneCode.default(ajv, ajv.compile(schema));
};

/** A file of an integration: its facts, its part of the schema, and the code that checks by it. */
async function writeSection({ root, outdir, options, schema, integration }) {
  const { name, settings, entities } = integration;
  const facts = {
    settings: Object.fromEntries(Object.entries(settings).map(([key, one]) => [key, picked(one, field)])),
    entities: entities.map((entity) => ({ name: entity.name })),
    schema,
  };
  const code = `${madeBy(options, schema, false)}
const validate = module.exports;
module.exports = { ...${JSON.stringify(facts)}, faultsOf: (value) => (validate(value) ? [] : validate.errors) };`;
  await build({
    stdin: { contents: code, resolveDir: root },
    outfile: join(outdir, 'sections', `${name}.cjs`),
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    minify: true,
    logLevel: 'warning',
  });
}

const loadSection = `import { createRequire } from 'node:module';
const load = createRequire(import.meta.url);
const section = (name) => load(\`./sections/\${name}.cjs\`);`;

/**
 * Writes a file for each integration's settings into \`outdir\`, and answers what puts code made ahead in the place of reading every
 * integration and of making, with Ajv, what checks the settings: both would take as long as everything else a command does at its start.
 */
export async function settingsMadeAhead(root, outdir) {
  const { options, frame, sections, integrations } = await readSource(root);
  for (const integration of integrations)
    await writeSection({ root, outdir, options, schema: sections.get(integration.name), integration });
  const known = integrations.map(({ name, modules }) => [name, ...(modules ? [modules] : [])]);
  const made = {
    'integrations/integration-facts.ts': `${loadSection}
export const integrationFacts = ${JSON.stringify(known)}.map(([name, modules]) => ({
  name,
  ...(modules && { modules }),
  get settings() { return section(name).settings; },
  get entities() { return section(name).entities; },
}));`,
    'config/schema-parts.ts': `${loadSection}
${madeBy(options, frame, true)}
const frame = { schema: ${JSON.stringify(frame)}, faultsOf: (content) => (validate(content) ? [] : validate.errors) };
export const frameOf = () => frame;
export const sectionPart = ({ name }) => section(name);`,
  };
  return {
    name: 'settings-made-ahead',
    setup({ onLoad }) {
      for (const [path, contents] of Object.entries(made))
        onLoad({ filter: new RegExp(`[\\\\/]src[\\\\/]${path.replace('/', '[\\\\/]').replace('.', '\\.')}$`) }, () => ({
          contents,
          resolveDir: root,
        }));
    },
  };
}
