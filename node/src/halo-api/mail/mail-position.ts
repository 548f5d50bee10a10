import type { DatabaseSession } from '../../database/database.ts';
import type { Clock } from '../../environment.ts';
import type { HaloApi } from '../halo-api.ts';
import type { MailPosition } from './incoming-mail.ts';

/** Halo's table of saved delta links. */
const table = 'AzureDelta';
/** ADEntity of our rows; ADRelatedGuid is the mailbox's own and in no other row. */
const entity = 0;
const noTenant = '00000000-0000-0000-0000-000000000000';

/** Where the last listing of a mailbox ended (AzureDelta.ADNextDelta, ADrequesturl); undefined before the first. */
export async function readPosition(api: HaloApi, mailboxGuid: unknown): Promise<MailPosition | undefined> {
  if (typeof mailboxGuid !== 'string' || mailboxGuid === '') return undefined;
  const [row] = await api.settingsRows(table, { ADRelatedGuid: mailboxGuid, ADEntity: entity });
  const link = row?.['ADNextDelta'];
  return typeof link === 'string' && link !== '' ? { link, of: String(row?.['ADrequesturl'] ?? '') } : undefined;
}

/** Keeps where a listing ended. */
export async function keepPosition(
  session: DatabaseSession,
  clock: Clock,
  mailboxGuid: string,
  tenant: string,
  position: MailPosition,
): Promise<void> {
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  if (!isGuid.test(mailboxGuid)) return;
  const values = { ADNextDelta: position.link, ADrequesturl: position.of.slice(0, 2000), ADLastUpdated: clock.now() };
  await session.transaction(async (transaction) => {
    const changed = await transaction.update(table, values, {
      all: [
        { column: 'ADRelatedGuid', is: 'equal', value: mailboxGuid },
        { column: 'ADEntity', is: 'equal', value: entity },
      ],
    });
    if (changed > 0) return;
    const ADTenantId = isGuid.test(tenant) ? tenant : noTenant;
    await transaction.insert(table, [{ ADRelatedGuid: mailboxGuid, ADTenantId, ADEntity: entity, ...values }]);
  });
}
