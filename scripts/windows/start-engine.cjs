// What HaloDBIntegrator.exe runs: the engine beside it, with the words it was given. (Node's single executable knows no import of a
// file of its own; a script that was not compiled into it does.)
const console = require('node:console');
const { dirname, join } = require('node:path');
const process = require('node:process');
const { pathToFileURL } = require('node:url');
const { Script, constants } = require('node:vm');

const engine = pathToFileURL(join(dirname(process.execPath), 'node', 'dist', 'main.mjs')).href;
const start = new Script(`import(${JSON.stringify(engine)})`, {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
start.runInThisContext().catch((error) => {
  console.error(
    `HaloDBIntegrator.exe belongs in the folder of the module, with the engine in node\\dist: ${error.message}`,
  );
  process.exitCode = 1;
});
