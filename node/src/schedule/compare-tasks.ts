import type { RegisteredFacts } from './registered-task.ts';
import type { TaskDefinition } from './task-definition.ts';
import { readTask } from './registered-task.ts';
import { taskXml } from './task-xml.ts';

const words: Readonly<Partial<Record<keyof RegisteredFacts, string>>> = {
  command: 'the program',
  arguments: 'the arguments',
  workingDirectory: 'the folder it starts in',
  trigger: 'when it starts',
  timeLimit: 'its time limit in minutes',
  runLevel: 'its run level',
  policy: 'what happens while it runs',
  startWhenAvailable: 'catching up on a missed start',
  batteriesIgnored: 'running on batteries',
  enabled: 'being enabled',
};

/** What a registered task has otherwise than it should, in words; empty when nothing. */
export async function differences(wanted: TaskDefinition, registered: RegisteredFacts): Promise<string[]> {
  // Reading our own XML back gives the same defaults and forms as reading Windows'.
  const own = await readTask(await taskXml(wanted));
  const found = (Object.keys(words) as (keyof RegisteredFacts)[])
    .filter((fact) => !alike(own[fact], registered[fact]))
    .map((fact) => `${words[fact]}: ${String(registered[fact])}, not ${String(own[fact])}`);
  return sameAccount(wanted, registered)
    ? found
    : [...found, `the account: ${accountOf(registered)}, not ${wanted.account.name}`];
}

/** File names and accounts differ in case without being others on Windows. */
function alike(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' ? a.toLowerCase() === b.toLowerCase() : a === b;
}

/** Windows gives a domain account back by its SID: then the name kept at registration counts. */
function sameAccount(wanted: TaskDefinition, registered: RegisteredFacts): boolean {
  if (alike(wanted.account.userId, registered.userId)) return true;
  return /^S-1-5-21-/i.test(registered.userId) && alike(wanted.account.name, registered.accountName);
}

function accountOf(registered: RegisteredFacts): string {
  return registered.accountName || registered.userId || 'none';
}
