import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SchedulerRefusedError, TaskPasswordError } from '../errors/schedule-errors.ts';
import { schedulerScript } from './scheduler-script.ts';
import { TASK_FOLDER } from './task-definition.ts';
import type { ScheduledTask, TaskScheduler } from './task-scheduler.ts';

/** Runs a program with a text on its stdin and answers its stdout; throws where it cannot be started. */
type Run = (program: string, args: readonly string[], input: string) => Promise<string>;

const states = ['Unknown', 'Disabled', 'Queued', 'Ready', 'Running'];
/** TASK_LOGON_PASSWORD, TASK_LOGON_SERVICE_ACCOUNT. */
const logon = { password: 1, service: 5 };

/** The Task Scheduler of this Windows machine, asked through Windows' own PowerShell. No password ever goes through it. */
export function windowsScheduler(systemRoot: string, run: Run = runProgram): TaskScheduler {
  const program = join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const script = Buffer.from(schedulerScript, 'utf16le').toString('base64');
  async function ask(what: string, ...words: readonly string[]): Promise<string[][]> {
    const said = await run(program, ['-NoProfile', '-NonInteractive', '-EncodedCommand', script], line(words));
    const lines = said.split('\n').map((one) => one.trim());
    const answers = lines.filter((one) => one !== '').map(wordsOf);
    const last = answers.at(-1);
    if (last?.[0] !== 'done') throw new SchedulerRefusedError(what, last?.[1] ?? 'PowerShell gave no answer.');
    return answers.slice(0, -1);
  }
  return {
    list: async () => (await ask('list its tasks', TASK_FOLDER, 'list')).map(taskOf),
    async register(name, xml, account) {
      if (account.kind === 'password') throw new TaskPasswordError(account.name);
      // Of a built-in account the XML says which; Windows keeps the password of a managed one.
      const whom = account.kind === 'managed' ? [account.userId, `${logon.password}`] : ['', `${logon.service}`];
      await ask(`register ${name}`, TASK_FOLDER, 'register', name, xml, ...whom);
    },
    start: async (name) => void (await ask(`start ${name}`, TASK_FOLDER, 'start', name)),
    remove: async (name) => void (await ask(`remove ${name}`, TASK_FOLDER, 'remove', name)),
  };
}

/** Texts as a line of the script. */
export function line(words: readonly string[]): string {
  return `${words.map((word) => Buffer.from(word).toString('base64')).join(' ')}\n`;
}

/** What the script says; a line that is not its own stays as it is. */
function wordsOf(text: string): string[] {
  return text.split(' ').map((word) => Buffer.from(word, 'base64').toString());
}

function taskOf([, name = '', xml = '', state, result, lastRun, nextRun]: string[]): ScheduledTask {
  return {
    name,
    xml,
    state: states[Number(state)] ?? 'Unknown',
    ...(result && { lastResult: Number(result) }),
    ...(lastRun && { lastRun }),
    ...(nextRun && { nextRun }),
  };
}

const runProgram: Run = (program, args, input) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { windowsHide: true, stdio: ['pipe', 'pipe', 'ignore'] });
    const said: Buffer[] = [];
    child.on('error', (error) => reject(new SchedulerRefusedError('start powershell.exe', error.message)));
    child.stdout.on('data', (part: Buffer) => said.push(part));
    child.on('close', () => resolve(Buffer.concat(said).toString('latin1')));
    // One that ended at once has said why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
