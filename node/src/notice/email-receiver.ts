import { cutText } from '../shown-text.ts';
import type { SendMailOptions, Transporter } from 'nodemailer';
import { NoticeNotSentError } from '../errors/notice-errors.ts';
import type { LoadedSettings, MailSecurity, NoticeSettings } from '../config/settings.ts';
import { patience, type Notice, type Receiver } from './notice.ts';

const usualPort: Readonly<Record<MailSecurity, number>> = { starttls: 587, tls: 465, none: 25 };

/** Gives notices to a mail server (SMTP). */
export function emailReceiver(
  email: NonNullable<NoticeSettings['Email']>,
  { noticePassword }: { readonly noticePassword: () => LoadedSettings['noticePassword'] },
): Receiver {
  const { Server, Security = 'starttls', TrustServerCertificate = false, Username, From, To } = email;
  const { Port = usualPort[Security] } = email;
  const open = async (): Promise<Transporter> => {
    const pass = noticePassword();
    const { createTransport } = await import('nodemailer');
    return createTransport({
      host: Server,
      port: Port,
      secure: Security === 'tls',
      requireTLS: Security === 'starttls',
      ignoreTLS: Security === 'none',
      tls: { rejectUnauthorized: !TrustServerCertificate },
      ...(Username !== undefined && pass !== undefined && { auth: { user: Username, pass } }),
      connectionTimeout: patience,
      greetingTimeout: patience,
      socketTimeout: patience,
      // A text of ours is the text, and never the name of a file or page to attach.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  const attempt = async <T>(work: (transport: Transporter) => Promise<T>): Promise<T> => {
    const transport = await open();
    try {
      return await work(transport);
    } catch (error) {
      throw new NoticeNotSentError(`the mail server ${Server}:${Port}`, reasonOf(error));
    } finally {
      transport.close();
    }
  };
  return {
    name: 'Email',
    send: (notice) => attempt(async (transport) => void (await transport.sendMail(mailOf(notice, From, To)))),
    probe: () =>
      attempt(async (transport) => {
        await transport.verify();
        return `${Server}:${Port} takes mail from this machine; -SendNotice sends a try to ${To.join(', ')}.`;
      }),
  };
}

function mailOf({ subject, lines }: Notice, from: string, to: readonly string[]): SendMailOptions {
  return {
    from,
    to: [...to],
    subject,
    text: `${lines.join('\n\n')}\n`,
    // Nobody is to be told that somebody is away (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/** What the server or the network said, in a line without its end mark. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return cutText(said.replace(/\s+/g, ' ').replace(/\.$/, ''), 300);
}
