import type { LoadedSettings } from '../config/settings.ts';
import type { Send } from '../http/send.ts';
import { emailReceiver } from './email-receiver.ts';
import type { Receiver } from './notice.ts';
import { webhookReceiver } from './webhook-receiver.ts';

/** Everybody the settings want told; nobody by default. Secrets are opened when something is sent. */
export function receiversOf(loaded: LoadedSettings, send: Send): Receiver[] {
  const { Email, Webhook } = loaded.settings.Notice;
  return [
    ...(Email ? [emailReceiver(Email, { noticePassword: () => loaded.noticePassword })] : []),
    ...(Webhook ? [webhookReceiver(Webhook, { webhookUrl: () => loaded.noticeWebhookUrl, send })] : []),
  ];
}
