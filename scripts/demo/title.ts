import { styleText } from 'node:util';

/** Shows the title of what follows, in bold where a terminal reads it. */
export function title(text: string): void {
  console.log(`\n${styleText('bold', text, { stream: process.stdout })}`);
}
