import { ExitCode, IntegratorError } from './integrator-error.ts';
import type { ErrorCategory } from './integrator-error.ts';
import { cutText } from '../shown-text.ts';

/** The request an error is about; its query is never shown, because it may carry a key. */
export interface FailedRequest {
  readonly method: string;
  readonly url: string;
}

const longestPath = 200;

function nameOf(request: FailedRequest): string {
  const url = new URL(request.url);
  // An id of the vendor's stands in it.
  return `${request.method} ${url.origin}${cutText(url.pathname, longestPath)}`;
}

/** The vendor cannot be reached, or answers with server errors, after every retry. */
export class VendorUnreachableError extends IntegratorError {
  readonly code = 'VendorUnreachable';
  readonly category: ErrorCategory = 'transient';
  readonly retryable = true;
  readonly advice = 'Check the network, the proxy and the vendor’s status page; the next run tries again.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(request: FailedRequest, trouble: string, cause?: unknown) {
    super(`${nameOf(request)} failed: ${trouble}.`, { cause });
  }
}

/** The vendor does not accept the credentials (401). */
export class VendorAuthError extends IntegratorError {
  readonly code = 'VendorAuth';
  readonly category: ErrorCategory = 'auth';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unreachable;

  /** @param advice what to do, where the vendor's words say more than no */
  constructor(
    request: FailedRequest,
    said: string,
    advice = 'Check the credentials of this integration in appsettings.json; the vendor may have revoked them.',
  ) {
    super(`${nameOf(request)}: the vendor does not accept the credentials${said}.`);
    this.advice = advice;
  }
}

/** Signed in, but not allowed to do this (403). */
export class VendorForbiddenError extends IntegratorError {
  readonly code = 'VendorForbidden';
  readonly category: ErrorCategory = 'permission';
  readonly retryable = false;
  readonly advice = 'Give the API client the right to read this in the vendor’s portal.';
  readonly exitCode = ExitCode.Unreachable;

  constructor(request: FailedRequest, said: string) {
    super(`${nameOf(request)}: the vendor forbids this to these credentials${said}.`);
  }
}

/** The vendor still says "too many requests" (429) after every retry. */
export class VendorThrottledError extends IntegratorError {
  readonly code = 'VendorThrottled';
  readonly category: ErrorCategory = 'throttled';
  readonly retryable = true;
  readonly advice = 'Run less often, or look for other software that uses the same API client.';
  readonly exitCode = ExitCode.Unreachable;

  /** @param retryAfter how long the vendor asks to wait, as its header says it */
  constructor(request: FailedRequest, attempts: number, retryAfter?: string) {
    const often = attempts === 1 ? 'once' : `${attempts} times`;
    const asked = retryAfter ? ` and asks to be left alone (Retry-After: ${retryAfter.slice(0, 40)})` : '';
    super(`${nameOf(request)}: the vendor answered "too many requests" ${often}${asked}.`);
  }
}

/** What the vendor allows in a time is used up, and the next request would have to wait longer than a run should. */
export class VendorLimitError extends IntegratorError {
  readonly code = 'VendorLimit';
  readonly category: ErrorCategory = 'throttled';
  readonly retryable = true;
  readonly advice =
    'The next run goes on where this one stopped; look for other software that uses the same API client.';
  readonly exitCode = ExitCode.Unreachable;

  /** @param wait milliseconds until the vendor takes requests again */
  constructor(request: FailedRequest, wait: number) {
    const minutes = Math.ceil(wait / 60_000);
    super(`${nameOf(request)} was not sent: the vendor's limit is used up for another ${minutes} minutes.`);
  }
}

/** The vendor refuses the request itself (any other 4xx). */
export class VendorRefusedError extends IntegratorError {
  readonly code = 'VendorRefused';
  readonly category: ErrorCategory;
  readonly retryable = false;
  readonly advice = 'Look at what the vendor says; if it is about the form of the request, report it.';
  readonly exitCode = ExitCode.Unexpected;
  /** The HTTP status. */
  readonly status: number;

  constructor(request: FailedRequest, status: number, said: string) {
    super(`${nameOf(request)}: the vendor refuses the request with status ${status}${said}.`);
    this.status = status;
    // A record that is gone or in conflict is about data; a request the vendor cannot read is our fault.
    this.category = status === 404 || status === 409 || status === 410 ? 'data' : 'bug';
  }
}

/** The vendor's answer is not JSON, or not of the promised shape. */
export class VendorAnswerError extends IntegratorError {
  readonly code = 'VendorAnswer';
  readonly category: ErrorCategory = 'data';
  readonly retryable = true;
  readonly advice = 'Nothing is deactivated on such an answer; if it happens again, report it with the log.';
  readonly exitCode = ExitCode.Unexpected;

  constructor(request: FailedRequest, trouble: string, cause?: unknown) {
    super(`${nameOf(request)}: ${trouble}.`, { cause });
  }
}

/** The vendor's answer is larger, or nests deeper, than this engine reads. */
export class VendorAnswerSizeError extends IntegratorError {
  readonly code = 'VendorAnswerSize';
  readonly category: ErrorCategory = 'data';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Unexpected;

  /**
   * @param trouble what is too much, such as "the answer is larger than 32 MB"
   * @param setting the setting that bounds it, where there is one
   */
  constructor(request: FailedRequest, trouble: string, setting?: string) {
    super(`${nameOf(request)}: ${trouble}.`);
    const raise = setting === undefined ? '' : ` If the vendor's answers are meant to be like that, raise ${setting}.`;
    this.advice = `Nothing was read from this answer.${raise}`;
  }
}

/** A request that cannot be sent as it is: a header holds what none may hold. */
export class VendorRequestError extends IntegratorError {
  readonly code = 'VendorRequest';
  readonly category: ErrorCategory = 'data';
  readonly retryable = false;
  readonly advice =
    'Look at the setting whose value it is, or at the vendor’s record: line ends, or letters of other scripts, are in it.';
  readonly exitCode = ExitCode.Unexpected;

  /** @param header its name */
  constructor(request: FailedRequest, header: string) {
    super(`${nameOf(request)} cannot be sent: its header ${header} has characters that no header may have.`);
  }
}

/** The vendor's answer is packed (Content-Encoding) in a way this engine does not unpack. */
export class VendorEncodingError extends IntegratorError {
  readonly code = 'VendorEncoding';
  readonly category: ErrorCategory = 'data';
  readonly retryable = false;
  readonly advice =
    'Nothing was read from this answer. Look for a proxy between that packs what the vendor sends; without one, tell the vendor.';
  readonly exitCode = ExitCode.Unexpected;

  /** @param packing how it is packed, as the vendor says it */
  constructor(request: FailedRequest, packing: string) {
    super(`${nameOf(request)}: the answer is packed in a way that is not known here (${packing.slice(0, 40)}).`);
  }
}

/** The vendor sends a request with credentials on to another server, or from https on to http. */
export class VendorRedirectError extends IntegratorError {
  readonly code = 'VendorRedirect';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice =
    'Credentials are never sent on. If the vendor has moved, give its new address in the settings of this integration; else look for a proxy or a sign-in page between.';
  readonly exitCode = ExitCode.Unreachable;

  /** @param target the origin it leads to, or what it is in place of one */
  constructor(request: FailedRequest, target: string) {
    super(`${nameOf(request)}: the answer sends us on to ${target}, which was not followed.`);
  }
}

/** A credential is neither in the settings nor readable in Halo's row. */
export class MissingCredentialError extends IntegratorError {
  readonly code = 'MissingCredential';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(integration: string, names: readonly string[]) {
    super(`${integration} lacks ${names.join(' and ')}.`);
    const keys = names.map((name) => `Integrations.${integration}.Settings.${name}`).join(' and ');
    this.advice = `Set ${keys} with Set-HaloIntegrationSetting, or in appsettings.json.`;
  }
}

/** The key of a service account cannot be used. */
export class UnusableKeyError extends IntegratorError {
  readonly code = 'UnusableKey';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice = 'Create a new key in the vendor’s console and give the whole text of its file as the setting.';
  readonly exitCode = ExitCode.Settings;

  /** @param trouble never a part of the key */
  constructor(integration: string, trouble: string) {
    super(`The key of ${integration}'s service account cannot be used: ${trouble}.`);
  }
}

/** A sign-in whose tokens change needs a place to keep them, and there is none. */
export class NothingKeptError extends IntegratorError {
  readonly code = 'NothingKept';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice = 'Run it for an instance whose folder the account may write to.';
  readonly exitCode = ExitCode.Settings;

  constructor(integration: string) {
    super(`${integration} gives a new sign-in token each time one is used, and here it could not be kept.`);
  }
}

/** Halo's MODULESETUP does not say which module the integration is, so links could not be kept. */
export class UnknownModuleError extends IntegratorError {
  readonly code = 'UnknownModule';
  readonly category: ErrorCategory = 'config';
  readonly retryable = false;
  readonly advice: string;
  readonly exitCode = ExitCode.Settings;

  constructor(integration: string) {
    super(`MODULESETUP has no row named ${integration}.`);
    this.advice = `Set Halo.ModuleIds.${integration} in appsettings.json to the MSid of its row in MODULESETUP.`;
  }
}
