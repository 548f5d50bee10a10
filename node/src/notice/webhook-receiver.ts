import { isWebhookAddress } from '../config/notice-faults.ts';
import type { LoadedSettings, NoticeSettings } from '../config/settings.ts';
import { NoticeNotSentError } from '../errors/notice-errors.ts';
import type { Send } from '../http/send.ts';
import { patience, type Notice, type Receiver } from './notice.ts';

/** Gives notices to a webhook of Teams or Slack. Its whole address is a secret; errors name its host. */
export function webhookReceiver(
  { Shape }: NonNullable<NoticeSettings['Webhook']>,
  { webhookUrl, send }: { readonly webhookUrl: () => LoadedSettings['noticeWebhookUrl']; readonly send: Send },
): Receiver {
  const address = (): URL => {
    const url = webhookUrl() ?? '';
    if (!isWebhookAddress(url)) throw new NoticeNotSentError('the webhook', 'Notice.Webhook.Url is no https address');
    return new URL(url);
  };
  return {
    name: 'Webhook',
    async send(notice, signal) {
      const url = address();
      const receiver = `the webhook at ${url.host}`;
      const timeout = AbortSignal.timeout(patience);
      const status = await send(url.href, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Shape === 'teams' ? teamsMessage(notice) : slackMessage(notice)),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        mostBytes: 1024 * 1024,
      })
        .then(async ({ statusCode, body }) => {
          // What it says to a post is read so that the connection can go, and says nothing that its status does not.
          await body.dump();
          return statusCode;
        })
        .catch((error: unknown) => {
          throw new NoticeNotSentError(receiver, troubleOf(error));
        });
      if (status >= 300) throw new NoticeNotSentError(receiver, `it answered with status ${status}`);
    },
    async probe() {
      return `${address().host} is set; only -SendNotice shows whether it takes a notice.`;
    },
  };
}

/** By its code: a message may quote the address. */
function troubleOf(error: unknown): string {
  const { code, name } = error as { readonly code?: unknown; readonly name?: string };
  if (typeof code === 'string') return code;
  return name === 'TimeoutError' ? `no answer within ${patience / 1000} seconds` : (name ?? 'it failed');
}

/**
 * As the Workflows of Teams take it: a message with an Adaptive Card. In runs of text nothing is Markdown, so that no words of a
 * vendor become a link.
 */
export function teamsMessage({ subject, lines }: Notice): unknown {
  const paragraph = (text: string, style: object = {}): unknown => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...style }],
  });
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [paragraph(subject, { weight: 'Bolder', size: 'Medium' }), ...lines.map((line) => paragraph(line))],
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

/** As Slack's incoming webhooks take it; its three control characters are escaped, and nothing else is formatting. */
export function slackMessage({ subject, lines }: Notice): unknown {
  const text = [subject, ...lines].join('\n');
  return { text: text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'), mrkdwn: false };
}
