import packageJson from '../../package.json' with { type: 'json' };

/** The product's version, as package.json and the module's manifest have it. */
export const version = packageJson.version;
