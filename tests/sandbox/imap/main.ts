import { parseArgs } from 'node:util';
import { compose } from '../mail/compose.ts';
import { startImapSandbox } from './imap-sandbox.ts';

const { values } = parseArgs({ options: { mails: { type: 'string', default: '100' } } });

const sandbox = await startImapSandbox();
const file = Buffer.alloc(200 * 1024, 'attachment ');
// A third are replies, a tenth have a file of 200 KB.
for (let number = 0; number < Number(values.mails); number++) {
  const reply = number % 3 === 2;
  const received = new Date(Date.UTC(2026, 10, 20) + number * 1000);
  sandbox.inbox.add(
    compose({
      subject: reply ? `Re: Question ${number - 1}` : `Question ${number}`,
      messageId: `<mail-${number}@bench.example>`,
      ...(reply && { inReplyTo: `<mail-${number - 1}@bench.example>` }),
      date: received,
      text: `Question ${number}.\n${'The printer is on fire again. '.repeat(20)}`,
      html: `<p>Question ${number}.</p><p>${'The printer is <b>on fire</b> again. '.repeat(20)}</p>`,
      ...(number % 10 === 0 && { files: [{ filename: 'log.txt', contentType: 'text/plain', content: file }] }),
    }),
    received,
  );
}
const { host, port, user, password } = sandbox;
console.log(JSON.stringify({ host, port, user, password }));
