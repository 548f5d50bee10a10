import type { Database } from '../database/database.ts';
import { reportOf } from '../errors/integrator-error.ts';
import type { Finding } from './finding.ts';
import { looks } from './looks.ts';

/** All that can be found; a table that cannot be read is a finding with the reason, and keeps the others from nothing. */
export async function lookInHalo(database: Database, signal?: AbortSignal): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const look of looks) {
    try {
      found.push(...(await look.read(database, signal)));
    } catch (error) {
      signal?.throwIfAborted();
      found.push({ subject: look.subject, facts: { 'not read': reportOf(error).code } });
    }
  }
  return found;
}

/** The findings as one text, a line each. */
export function findingsText(findings: readonly Finding[], about: Readonly<Record<string, string>>): string {
  const head = Object.entries(about)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
  const subjects = [...new Set(findings.map(({ subject }) => subject))];
  const parts = subjects.map((subject) => {
    const lines = findings.filter((one) => one.subject === subject).map(({ facts }) => `  ${JSON.stringify(facts)}`);
    return [`${subject} (${lines.length})`, ...lines].join('\n');
  });
  return `${[...(head === '' ? [] : [head]), ...parts].join('\n\n')}\n`;
}
