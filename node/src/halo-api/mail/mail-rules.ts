import type { Database, Row, Value } from '../../database/database.ts';
import { RecordNotFoundError } from '../../errors/halo-api-errors.ts';
import { assumedSubjectTag, type MailAssumptions, type UnmatchedPolicy } from './assumptions.ts';

/** A pair of texts around a ticket number in a subject. */
export interface SubjectTag {
  readonly start: string;
  readonly end: string;
}

/** What Halo's rows say about mail of one mailbox. Read once per run. */
export interface MailRules {
  readonly mailboxId: number;
  readonly mailboxGuid: string;
  readonly tenant: string;
  readonly ticketType: Row;
  readonly tags: readonly SubjectTag[];
  readonly acceptAutoReplies: boolean;
  readonly autoRepliesChangeNothing: boolean;
  readonly generatedIsAutomatic: boolean;
  readonly bulkIsAutomatic: boolean;
  readonly repliesOnly: boolean;
  readonly ignoreCc: boolean;
  readonly addressListsGrow: boolean;
  readonly sameMailboxOnly: boolean;
  readonly strangersArePrivate: boolean;
  readonly ignoreDuplicates: boolean;
  readonly siteDomains: boolean;
  readonly wildcardDomains: boolean;
  readonly alternativeAddresses: boolean;
  readonly unmatched: UnmatchedPolicy;
  readonly newUserSite: number;
  readonly defaultSite: number;
  readonly defaultUser: string;
  readonly generalUser: string;
  readonly addressAsName: boolean;
  readonly attachmentLimit: number;
  readonly departmentId: number;
  readonly organisationId: number;
}

type Reading = Pick<Database, 'describe' | 'read'>;

/** Reads the rules of a mailbox. Throws RecordNotFoundError. */
export async function readMailRules(
  database: Reading,
  mailboxId: number,
  assumed: MailAssumptions,
): Promise<MailRules> {
  const mailbox = await firstRow(database, 'MAILBOX', 'MBid', mailboxId);
  if (!mailbox) throw new RecordNotFoundError('Mailbox', mailboxId);
  const control = (await firstRow(database, 'CONTROL')) ?? {};
  const control2 = (await firstRow(database, 'CONTROL2')) ?? {};
  const control3 = (await firstRow(database, 'CONTROL3')) ?? {};
  const control4 = (await firstRow(database, 'Control4')) ?? {};
  const typeId = number(mailbox['MBRequestType']) || number(control2['RRTDefViaEmail']) || 1;
  const ticketType = (await firstRow(database, 'REQUESTTYPE', 'RTid', typeId)) ?? { RTid: typeId };
  const limitMB = number(control3['RAttachmentLimitMB']);
  return {
    mailboxId,
    mailboxGuid: text(mailbox['MBguid']),
    tenant: text(mailbox['MBAzureTenant']),
    ticketType,
    tags: await subjectTags(database, control),
    acceptAutoReplies: mailbox['MBAcceptAutoReplies'] !== false,
    autoRepliesChangeNothing: isOn(control3['RAutoReplyDontUpdate']),
    generatedIsAutomatic: control4['rautosubgenisautoreply'] !== false,
    bulkIsAutomatic: control4['rprecedencebulkisautoreply'] !== false,
    repliesOnly: isOn(mailbox['mbstopnewticketsviaemail']) || isOn(control3['RStopNewTicketsViaEmail']),
    ignoreCc: isOn(mailbox['MBIgnoreCCEmails']),
    addressListsGrow: isOn(control3['RUpdateEmailLists']),
    sameMailboxOnly: number(control3['ronlyrouteemailtoexistingticketifsamemailbox']) > 0,
    strangersArePrivate: isOn(control2['RMakeEmailsFromDifferentDomainPrivate']),
    ignoreDuplicates: isOn(control4['rignoreduplicateemails']),
    siteDomains: mailbox['MBSiteDomainMatching'] !== false,
    wildcardDomains: mailbox['MBSiteWildcardMatching'] !== false,
    alternativeAddresses: isOn(control4['rusermatchalternativeemailaddress']),
    unmatched: assumed.unmatched.get(number(mailbox['MBUnmatchedUsers'])) ?? 'default-user',
    newUserSite: number(mailbox['MBNewUserDefaultSite']) || number(mailbox['MBDefaultSite']),
    defaultSite: number(mailbox['MBDefaultSite']),
    defaultUser: text(mailbox['MBDefaultUser']),
    generalUser: text(control2['RGeneralUser']),
    addressAsName: isOn(mailbox['mbuseemailaddressfornewusers']),
    attachmentLimit: limitMB > 0 ? Math.min(limitMB * 1024 * 1024, assumed.attachmentLimit) : assumed.attachmentLimit,
    departmentId: number(mailbox['mbdepartmentid']),
    organisationId: number(mailbox['mborgid']),
  };
}

/** The tags of Halo (CONTROL), of its ticket types and of its sites, each once. */
async function subjectTags(database: Reading, control: Row): Promise<readonly SubjectTag[]> {
  const tags: SubjectTag[] = [{ start: text(control['REmailStart']), end: text(control['REmailEnd']) }];
  if (control['rusedefaultsubjectmatchingtag'] !== false) tags.push(assumedSubjectTag);
  const types = await database.read({ from: 'REQUESTTYPE', columns: ['rtGID', 'rtGIDEND'] });
  tags.push(...types.map((row) => ({ start: text(row['rtGID']), end: text(row['rtGIDEND']) })));
  const sites = await database.read({
    from: 'SITE',
    columns: ['semailstarttag', 'semailendtag'],
    where: { all: [{ column: 'semailstarttag', is: 'not-null' }] },
  });
  tags.push(...sites.map((row) => ({ start: text(row['semailstarttag']), end: text(row['semailendtag']) })));
  // A tag without a start would take any number for a ticket.
  const whole = tags.filter(({ start, end }) => start.trim() !== '' && end.trim() !== '');
  return [...new Map(whole.map((tag) => [`${tag.start}\n${tag.end}`, tag])).values()];
}

/** A row with all the columns this Halo has; undefined where there is none, or no such table. */
async function firstRow(database: Reading, table: string, column?: string, value?: number): Promise<Row | undefined> {
  const actual = (await database.describe([table])).get(table);
  if (!actual) return undefined;
  const rows = await database.read({
    from: table,
    columns: [...actual.columns.keys()],
    limit: 1,
    orderBy: [{ column: column ?? actual.primaryKey[0] ?? [...actual.columns.keys()][0] ?? '' }],
    ...(column !== undefined && { where: { column, is: 'equal' as const, value: value ?? null } }),
  });
  return rows[0];
}

function isOn(value: Value | undefined): boolean {
  return value === true;
}

function number(value: Value | undefined): number {
  return Number(value ?? 0);
}

function text(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}
