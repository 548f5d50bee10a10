import type { Database, Row } from '../../../node/src/database/database.ts';

/** What an administrator has set up before mail is read. */
export async function fillMailSetUp(
  database: Database,
  imap: { readonly host: string; readonly port: number; readonly user: string },
  mailbox: Row,
): Promise<void> {
  await using session = await database.session('mail set-up');
  await session.transaction(async (transaction) => {
    await transaction.insert('CONTROL', [{ Rseq: 1, REmailStart: '[ID:', REmailEnd: ']' }]);
    await transaction.insert('CONTROL2', [{ rseq: 1, RGeneralUser: 'General User' }]);
    await transaction.insert('CONTROL3', [{ rseq: 1 }]);
    await transaction.insert('Control4', [{ rseq: 1 }]);
    await transaction.insert('TSTATUS', [
      { Tstatus: 1, tstatusdesc: 'New' },
      { Tstatus: 2, tstatusdesc: 'In progress' },
      { Tstatus: 3, tstatusdesc: 'Updated' },
      { Tstatus: 4, tstatusdesc: 'Reopened' },
      { Tstatus: 9, tstatusdesc: 'Closed' },
    ]);
    await transaction.insert('SECTIONDETAIL', [{ SDid: 7, SDSectionName: 'First line' }]);
    await transaction.insert('REQUESTTYPE', [
      { RTid: 1, rtdesc: 'Question', RTDefInitialStatus: 2 },
      {
        RTid: 5,
        rtdesc: 'Incident',
        RTRequestType: 1,
        RTDefInitialStatus: 1,
        RTDefSeriousness: 4,
        RTSLAid: 3,
        RTDefSection: 'First line',
        RTDefCat2: 'Email',
        RTStatusAfterUserUpdate: 3,
        RTreopenedstatus: 4,
      },
    ]);
    await transaction.insert('MAILBOX', [
      {
        MBid: 1,
        mbname: 'Support',
        MBserver: imap.host,
        mbpopport: imap.port,
        MBUseTLS: true,
        MBusername: imap.user,
        MBsmtpaddress: imap.user,
        MBenabled: true,
        MBRequestType: 5,
        MBDefaultSite: 1,
        ...mailbox,
      },
    ]);
  });
}
