import { VendorAnswerError, VendorRefusedError } from '../../../errors/vendor-errors.ts';
import type { VendorPage, ListFacts } from '../../../reading/vendor-page.ts';
import type { KeptTexts } from '../../kept-texts.ts';
import { countOf } from '../field-path.ts';
import type { VendorApi } from '../vendor-api.ts';
import type { DeclaredSource } from './declared-source.ts';
import type { ListRequests } from './list-requests.ts';
import type { PageAnswer } from './read-answer.ts';

/** What reading a declared list goes by beside the API. */
export interface ReadingContext {
  /** Where an earlier reading stopped. */
  readonly cursor?: string | undefined;
  /** A cursor that leads nowhere ends the reading, in place of beginning anew. */
  readonly onlyFromCursor?: boolean;
  /** How many records a page of this content has, where an earlier run has read one. */
  sizeOfPage?(content: string): number | undefined;
  /** Says once per run what the admin should know. */
  warn(message: string): void;
  /** What one run leaves for the next. */
  readonly kept?: KeptTexts | undefined;
  /** Told where the next reading begins that only wants what changed. */
  delta?(link: string): void;
}

/** One reading of one declared list. */
export interface ListReading extends ReadingContext {
  readonly api: VendorApi;
  readonly source: DeclaredSource;
  readonly requests: ListRequests;
}

/** How many records a page has; they are read only where that is not known. */
export function sizeOf(answer: PageAnswer, reading: Pick<ListReading, 'sizeOfPage'>): number {
  return reading.sizeOfPage?.(answer.content) ?? answer.records.length;
}

/** An answer as a page of the list. */
export function pageOf(answer: PageAnswer, size: number, cursor: string | undefined, list: ListFacts): VendorPage {
  return {
    // The records stay unread until they are asked for.
    get records() {
      return answer.records;
    },
    content: answer.content,
    size,
    cursor: list.end === undefined ? cursor : undefined,
    list,
  };
}

/** A total as the vendor says it. */
export function totalOf(answer: PageAnswer, place: Parameters<PageAnswer['at']>[0]): number | undefined {
  return countOf(answer.at(place));
}

/** Whether there are more, as the vendor says it; undefined where it does not. */
export function moreOf(answer: PageAnswer, place: Parameters<PageAnswer['at']>[0]): boolean | undefined {
  const said = answer.at(place);
  if (typeof said === 'boolean') return said;
  if (said === undefined || said === null || said === '') return undefined;
  return !/^(false|0|no)$/i.test(String(said));
}

/** Whether reading from a cursor failed because of the cursor itself. */
export function isOfCursor(error: unknown): error is VendorRefusedError | VendorAnswerError {
  return error instanceof VendorRefusedError || error instanceof VendorAnswerError;
}
