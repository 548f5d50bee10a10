import type { Row } from '../../database/database.ts';
import type { MailAssumptions } from './assumptions.ts';
import type { IncomingMail, MailAddress, MailAttachment } from './incoming-mail.ts';
import type { MailRules } from './mail-rules.ts';
import type { Sender } from './match-sender.ts';

/** A sender once there is a user for them. */
export type KnownSender = Extract<Sender, { kind: 'user' }>;

/** What Halo holds beside the ticket type that a new ticket starts with. */
export interface TicketStart {
  /** SECTIONDETAIL.SDid of the type's team, where it is found by its name. */
  readonly teamId: number | undefined;
  /** TSTATUS.TStatusPutOnSLAhold of the first status. */
  readonly onHold: boolean;
}

/** Halo lists addresses with a semicolon. */
function addressList(addresses: readonly MailAddress[]): string {
  return [...new Set(addresses.map((one) => one.address).filter((one) => one !== ''))].join(';');
}

/** The FAULTS row of a new ticket: what its type starts with, and the mail. Its number is allocated. */
export function ticketRow(
  mail: IncomingMail,
  sender: KnownSender,
  rules: MailRules,
  start: TicketStart,
  assumed: MailAssumptions,
  now: Date,
): Row {
  const type = rules.ticketType;
  const own = (column: string): number => Number(type[column] ?? 0);
  return {
    Symptom: mail.subject,
    symptom2: mail.text,
    Symptom2HTML: mail.html,
    username: sender.name || mail.from.name || mail.from.address || 'Unknown',
    userid: sender.userId,
    sitenumber: sender.siteId,
    Areaint: sender.clientId,
    reportedby: mail.from.address,
    FEmailDisplayName: mail.from.name,
    FEmailToList: addressList([mail.from]),
    FEmailCCList: rules.ignoreCc ? '' : addressList(mail.cc),
    RequestTypeNew: own('RTid'),
    Requesttype: own('RTRequestType'),
    Status: initialStatus(rules),
    seriousness: own('RTDefSeriousness') > 0 ? own('RTDefSeriousness') : null,
    Slaid: own('RTSLAid') > 0 ? own('RTSLAid') : null,
    FexcludefromSLA: type['RTexcludefromSLA'] === true,
    FSLAonhold: start.onHold,
    Assignedtoint: own('RTDefTech') > 0 ? own('RTDefTech') : assumed.unassignedAgent,
    sectio_: type['RTDefSection'] ?? null,
    TeamId: start.teamId ?? null,
    category2: type['RTDefCat2'] ?? null,
    category3: type['RTDefCat3'] ?? null,
    category4: type['RTDefCat4'] ?? null,
    category5: type['RTDefCat5'] ?? null,
    FWorkFlowID: own('RTWorkFlowID'),
    Fchargerate: type['RTChargeRate'] ?? -1,
    departmentid: rules.departmentId,
    orgid: rules.organisationId,
    dateoccured: mail.received,
    datereported: mail.received,
    datecreated: now,
    fslastartdate: mail.received,
    Flastactiondate: mail.received,
    FMailBoxID: rules.mailboxId,
    FMailEntryID: mail.conversationId ?? '',
    fMailID: mail.messageId,
    FInternetMessageId: mail.messageId,
    FEmailPriority: mail.importance === 'high' ? 1 : 0,
    FRequestSource: assumed.requestSource,
    // Reports ask for 0 in both; NULL would leave the ticket out of them.
    FDeleted: false,
    FMergedIntoFaultid: 0,
  };
}

/** The status a new ticket starts with. */
export function initialStatus(rules: MailRules): number {
  const status = Number(rules.ticketType['RTDefInitialStatus'] ?? 0);
  return status > 0 ? status : 1;
}

/** What an action needs to know of the ticket it is written to. */
export interface ActionPlace {
  readonly ticket: number;
  readonly first: boolean;
  readonly statusBefore: number;
  readonly statusAfter: number;
  readonly hidden: boolean;
}

/** The ACTIONS row of a mail. Its number within the ticket is allocated. */
export function actionRow(
  mail: IncomingMail,
  sender: KnownSender,
  place: ActionPlace,
  rules: MailRules,
  assumed: MailAssumptions,
  now: Date,
): Row {
  return {
    Faultid: place.ticket,
    Actoutcome: place.first ? assumed.firstOutcome : assumed.replyOutcome,
    // Reports find an agent by this name, or by the number.
    who: sender.agentName ?? (mail.from.name || sender.name || mail.from.address),
    whoagentid: sender.agentId ?? 0,
    actionbyunum: sender.agentId ?? 0,
    actionbyuid: sender.agentId === undefined ? sender.userId : 0,
    Whe_: mail.received,
    ActionDateCreated: now,
    note: mail.text,
    noteHTML: mail.html,
    emailbody: mail.text,
    emailbodyhtml: mail.html,
    AEmailSubject: mail.subject,
    EmailSubjectNew: mail.subject,
    EmailFromNew: mail.from.address,
    EmailToNew: addressList(mail.to),
    EmailCcNew: addressList(mail.cc),
    emailto: addressList(mail.to),
    emailcc: addressList(mail.cc),
    AReplyToAddress: mail.replyTo,
    EmailDirection: assumed.inwards,
    ActionMailBoxID: rules.mailboxId,
    AMailEntryID: mail.entryId,
    aMailID: mail.messageId,
    AInternetMessageId: mail.messageId,
    aemailimportance: mail.importance,
    Aisimportant: mail.importance === 'high',
    ActionHide: place.hidden,
    ActionStatusBefore: place.statusBefore,
    ActionStatusAfter: place.statusAfter,
    ActionCode: assumed.noCharge,
    timetaken: 0,
  };
}

/** The ATTACHMENT row of a file; its number is allocated. */
export function attachmentRow(
  file: MailAttachment,
  ticket: number,
  sender: KnownSender,
  assumed: MailAssumptions,
  now: Date,
): Row {
  return {
    ATFilename: file.filename,
    ATContentType: file.contentType,
    ATBlob: file.content,
    atfilesize: file.content.byteLength,
    ATDateCreated: now,
    atlastupdated: now,
    atType: assumed.attachmentType,
    atUniqueID: ticket,
    aauserid: sender.userId,
    aaunum: sender.agentId ?? 0,
    atisimage: file.contentType.startsWith('image/'),
    ATshowforusers: true,
  };
}

/** The ATTACHMENTACTION row that hangs a file on an action; its number is allocated. */
export function attachmentLinkRow(attachment: number, ticket: number, action: number): Row {
  return { AAATID: attachment, AAfaultid: ticket, AAActionNumber: action, AAshowforusers: true };
}
