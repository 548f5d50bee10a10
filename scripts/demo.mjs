// `npm start`: the main job from a clone, on the embedded database and sandboxes of vendors on loopback. Options: --stay keeps the sandboxes
// up afterwards, until Ctrl-C; --folder <path> in place of demo, which is made anew.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { node24 } from './node-24.mjs';

const demo = fileURLToPath(new URL('demo/main.ts', import.meta.url));
const child = spawn(node24(), ['--no-warnings', demo, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
let ended;
child.on('message', (code) => (ended = code));
// Who is told to end waits for the demo to put its sandboxes away.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  const end = () => process.exit(ended ?? code ?? 1);
  if (child.connected) child.once('disconnect', end);
  else end();
});
