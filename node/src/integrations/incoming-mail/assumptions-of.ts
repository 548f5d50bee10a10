import { defaultMailAssumptions, type MailAssumptions } from '../../halo-api/mail/assumptions.ts';
import { unmatchedWords, type MailSettingsView } from './mail-settings.ts';

/** What is assumed of Halo's codes, with what the settings say of them. */
export function assumptionsOf(settings: MailSettingsView): MailAssumptions {
  const base = defaultMailAssumptions;
  const unmatched = [...settings.codes('UnmatchedUsers')].flatMap(([code, word]) => {
    const policy = unmatchedWords.find((one) => one === word);
    return policy ? [[code, policy] as const] : [];
  });
  return {
    ...base,
    firstOutcome: settings.text('FirstOutcome') ?? base.firstOutcome,
    replyOutcome: settings.text('ReplyOutcome') ?? base.replyOutcome,
    attachmentType: settings.number('AttachmentType') ?? base.attachmentType,
    incomingEmailStatus: settings.number('IncomingEmailStatus') ?? base.incomingEmailStatus,
    closedStatus: settings.number('ClosedStatus') ?? base.closedStatus,
    unassignedAgent: settings.number('UnassignedAgent') ?? base.unassignedAgent,
    requestSource: settings.number('RequestSource') ?? base.requestSource,
    loopLimit: settings.number('LoopLimit') ?? base.loopLimit,
    senderLimit: settings.number('LoopLimit') ?? base.senderLimit,
    attachmentLimit: (settings.number('MaxAttachmentMB') ?? 25) * 1024 * 1024,
    retryAll: settings.flag('RetrySetAside'),
    unmatched: new Map([...base.unmatched, ...unmatched]),
    blockedExtensions: new Set(
      settings.list('BlockedExtensions').map((ending) => ending.toLowerCase().replace(/^\./, '')),
    ),
  };
}
