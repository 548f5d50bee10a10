/**
 * Text as it may be shown, whoever wrote it: a record's name or a vendor's message may hold characters that steer a terminal, and
 * would hide or forge what stands beside them. Line ends and tabs stay.
 */
export function shownText(text: string): string {
  return text.replaceAll(/\r(?!\n)|(?![\r\n\t])\p{Cc}/gu, '\ufffd');
}
