import { defineEntity } from '../define-entity.ts';
import type { MailRef } from './mail-source.ts';

/** Messages of a mailbox as tickets, and as actions of the tickets they belong to. */
export const messages = defineEntity<MailRef>({
  name: 'Messages',
  description: 'Messages of a mailbox as tickets, and replies as actions of their tickets.',
  resource: 'Tickets',
  async open(context) {
    // Reading mail takes large libraries; a command that reads none does not load them.
    const [{ openSource }, { readMailbox }, { readPosition }] = await Promise.all([
      import('./open-source.ts'),
      import('./read-mailbox.ts'),
      import('../../halo-api/mail/mail-position.ts'),
    ]);
    // What was set aside is not among what is new: to try it again, everything is listed.
    const fresh = context.settings['RetrySetAside'] === true;
    const position = fresh ? undefined : await readPosition(context.api, context.connection.row['MBguid']);
    return readMailbox(context, await openSource(context, position));
  },
});
