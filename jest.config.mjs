const engine = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
  extensionsToTreatAsEsm: ['.ts'],
  // Nothing else has tests, and Windows takes long to look through all.
  roots: ['<rootDir>/tests'],
  testEnvironment: 'node',
  modulePathIgnorePatterns: ['/bin/', '/obj/', '<rootDir>/node/dist/', '<rootDir>/demo/'],
};

export default {
  testTimeout: 600_000,
  projects: [
    { ...engine, displayName: 'engine', testMatch: ['<rootDir>/tests/engine/**/*.test.ts'] },
    // Needs root and Debian's servers of directories and databases: `npm run test:servers`.
    { ...engine, displayName: 'servers', testMatch: ['<rootDir>/tests/servers/**/*.test.ts'] },
    {
      ...engine,
      displayName: 'sqlserver',
      // What the embedded database passes, SQL Server passes too.
      testMatch: [
        '<rootDir>/tests/engine/sql-server/**/*.sqlserver.ts',
        '<rootDir>/tests/engine/{changes,entra-id,halo-api,incoming-mail,kit,pax8,sync}/*.test.ts',
      ],
      globals: { haloDatabase: 'sql-server' },
    },
  ],
};
