import type { HaloDatabaseSettings } from '../config/settings.ts';
import type { Database } from '../database/database.ts';
import { linkedResources, linkTableId } from '../halo-api/inferred.ts';
import { resources } from '../halo-api/resources/index.ts';
import type { Finding } from './finding.ts';
import { lookInLinks, type LinkSample } from './link-sample.ts';

/** What was found beside what is assumed. */
export interface Comparison {
  readonly subject: string;
  /** Whether it is as assumed, or at least does no harm. */
  readonly passed: boolean;
  readonly detail: string;
  /** Empty where it passed. */
  readonly fix: string;
}

const send = 'Get-HaloDiagnostic writes a text to send, so that its meaning becomes known.';

/** The kinds of links by their numbers: whether what they lead to is there. */
export async function compareLinks(
  database: Database,
  settings: HaloDatabaseSettings,
  signal?: AbortSignal,
): Promise<Comparison[]> {
  const compared: Comparison[] = [];
  for (const name of linkedResources) {
    const number = linkTableId(name, settings);
    const resource = [...resources.values()].find((one) => one.name === name);
    if (number === undefined || !resource) continue;
    const sample = await lookInLinks(database, number, resource.table, resource.key.column, signal);
    if (sample.links > 0) compared.push(linksAs(name, number, sample));
  }
  return compared;
}

function linksAs(name: string, number: number, { links, there }: LinkSample): Comparison {
  const said = `ExternalLink.ELTableId ${number} is taken for ${name}; of ${links} links looked at, ${there} lead to one in Halo.`;
  // Some records were deleted since; where most are not there, it is another kind's number.
  const passed = there * 2 >= links;
  return {
    subject: `links of ${name}`,
    passed,
    detail: said,
    fix: passed ? '' : `Set Halo.ExternalLinkTableIds.${name} in appsettings.json to what this Halo uses. ${send}`,
  };
}

/** What the rows of settings hold, each beside what is taken of it. */
export function compareSettings(findings: readonly Finding[]): Comparison[] {
  return findings.flatMap(({ subject, facts }): Comparison[] => {
    if (subject === 'Settings') return settingAs(facts);
    if (subject === 'LDAPConnection' || subject === 'SQLIMPORT') return integratorTypeAs(subject, facts);
    return subject === 'USERS' || subject === 'UNAME' ? guidAs(subject, facts) : [];
  });
}

function settingAs(facts: Finding['facts']): Comparison[] {
  const { table, row, column, value, field } = facts;
  const about = { subject: `${String(table)}.${String(column)}`, passed: true, fix: '' };
  const where = row === undefined ? '' : ` (row ${String(row)})`;
  const says = (meaning: string): Comparison[] => [{ ...about, detail: `It is ${String(value)}${where}: ${meaning}` }];
  if (/importtype$/i.test(String(column)) && typeof value === 'number')
    return says(`only 0 is known, everything. What is on in appsettings.json is brought. ${send}`);
  if (/identifier/i.test(String(column)) && typeof value === 'number') {
    if (value > 0 && field === undefined)
      return [
        {
          ...about,
          passed: false,
          detail: `It is ${value}${where}, taken for FIELD.Yseq, and there is no such field.`,
          fix: `Choose the field again in Halo's web app. ${send}`,
        },
      ];
    return value > 0
      ? says(`taken for FIELD.Yseq, the field "${String(field)}".`)
      : says('taken for none: assets are found by their link, then by serial number, then by name at the site.');
  }
  if (/assettypechoice$/i.test(String(column)) && value !== 1)
    return says(`only 0 (the default type) and 1 (by a field) are known; it is read as 0. ${send}`);
  if (/sitematch/i.test(String(column))) return says(`only 0 is known; sites are matched as for 0. ${send}`);
  return [];
}

function integratorTypeAs(subject: string, facts: Finding['facts']): Comparison[] {
  const type = facts['LCIntegratorType'] ?? facts['SIIntegratorType'] ?? 0;
  if (type === 0) return [];
  const row = String(facts['LCID'] ?? facts['SIid']);
  const detail = `Row ${row} is of integrator type ${String(type)}; only 0 is known. ${send}`;
  return [{ subject: `${subject} integrator type`, passed: true, detail, fix: '' }];
}

const knownGuids = /^(guid|guid in braces|32 hexadecimal digits|16 bytes in base64)/;

function guidAs(subject: string, facts: Finding['facts']): Comparison[] {
  const shape = String(facts['UActGuid (shape)'] ?? facts['uActGUID (shape)']);
  if (knownGuids.test(shape)) return [];
  const detail = `An id of the directory is written as ${shape}, which is none of the forms that are recognised: such people are matched otherwise.`;
  return [{ subject: `${subject} directory ids`, passed: false, detail, fix: send }];
}
