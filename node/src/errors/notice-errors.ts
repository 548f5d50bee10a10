import { ExitCode, IntegratorError } from './integrator-error.ts';

/** A notice could not be handed over to the mail server or the webhook. */
export class NoticeNotSentError extends IntegratorError {
  readonly code = 'NoticeNotSent';
  readonly category = 'transient';
  readonly retryable = true;
  readonly advice =
    'Check Notice in appsettings.json and the network, then try with Test-HaloDbConfig -SendNotice; the next scheduled run tells it again.';
  readonly exitCode = ExitCode.Unreachable;

  /**
   * @param receiver who was to take it, such as `the mail server smtp.example.com:587`; never the whole address of a webhook
   * @param reason without its end mark
   */
  constructor(receiver: string, reason: string) {
    super(`No notice could be given to ${receiver}: ${reason}.`);
  }
}
