import type { SettingsFault } from '../errors/config-errors.ts';
import { memberOf } from './member-of.ts';

/** What a schema does not say well of `Notice`: addresses, and secrets that would travel in the clear. */
export function noticeFaults(content: unknown): SettingsFault[] {
  const notice = memberOf(content, 'Notice');
  return [...emailFaults(memberOf(notice, 'Email')), ...webhookFaults(memberOf(notice, 'Webhook'))];
}

function emailFaults(email: unknown): SettingsFault[] {
  const faults: SettingsFault[] = [];
  const from = memberOf(email, 'From');
  const to = memberOf(email, 'To');
  const fix = 'give an address such as it@example.com';
  if (typeof from === 'string' && !isMailAddress(from))
    faults.push({ path: 'Notice.Email.From', problem: 'is no mail address', fix });
  if (Array.isArray(to)) {
    if (to.length === 0) faults.push({ path: 'Notice.Email.To', problem: 'is empty', fix });
    const wrong = to.filter((one) => typeof one === 'string' && !isMailAddress(one)) as string[];
    faults.push(...wrong.map((one) => ({ path: 'Notice.Email.To', problem: `has "${one}"`, fix })));
  }
  if (memberOf(email, 'Security') === 'none' && memberOf(email, 'Password') !== undefined)
    faults.push({
      path: 'Notice.Email.Security',
      problem: 'is none, and the password would be sent unencrypted',
      fix: 'use starttls or tls, or remove Notice.Email.Username and Notice.Email.Password',
    });
  const credentials = ['Username', 'Password'].filter((name) => memberOf(email, name) !== undefined);
  if (credentials.length === 1)
    faults.push({
      path: `Notice.Email.${credentials[0] === 'Username' ? 'Password' : 'Username'}`,
      problem: `is missing beside ${credentials[0]}`,
      fix: 'give both, or neither where the server asks for no sign-in',
    });
  return faults;
}

/** The address is a secret, so it is never quoted; where it is a reference, it is looked at when it is used. */
function webhookFaults(webhook: unknown): SettingsFault[] {
  const url = memberOf(webhook, 'Url');
  if (typeof url !== 'string' || isWebhookAddress(url)) return [];
  return [{ path: 'Notice.Webhook.Url', problem: 'is no https address', fix: 'give the whole address, https://…' }];
}

/** Whether a notice may be sent there: encrypted, or not leaving this machine. */
export function isWebhookAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}

function isMailAddress(text: string): boolean {
  return /^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/.test(text);
}
