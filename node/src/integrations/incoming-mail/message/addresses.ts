import { domainToUnicode } from 'node:url';
import addressparser from 'nodemailer/lib/addressparser';
import type { MailAddress } from '../../../halo-api/mail/incoming-mail.ts';
import { headerText } from './header-text.ts';

/** One address: no white space, no angle brackets, quotes only around the whole of its first half, and a domain of what domains have. */
const oneAddress = /^(?:[^\s"<>(),:;@\\[\]]+|"[^\s"<>\\]+")@(?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}_-]|\[[\w.:]+\])$/u;
/** An address somewhere in a text. */
const someAddress = /[^\s"<>(),:;@\\[\]]{1,64}@[\p{L}\p{M}\p{N}._-]{1,250}\.[\p{L}\p{M}\p{N}_-]+/u;
/** As much of a header as is looked at for an address in an unusual place. */
const lookedAt = 4096;
/** More addresses than a person writes to. */
const mostAddresses = 5000;

/** The addresses that headers name, given by their bytes, and the set their letters may be in; what is no address is left out. */
export function addressesIn(values: readonly string[], set?: string): readonly MailAddress[] {
  return parsed(values, set).flatMap(({ name, address }) => (address === '' ? [] : [{ name, address }]));
}

/**
 * Who a header says a mail is from: the first address, also where a program has encoded the header as a whole, left a quote open,
 * or written an address in an unusual place. An address of '' where there is only a name.
 */
export function senderIn(values: readonly string[], set?: string): MailAddress | undefined {
  const [value] = values;
  if (value === undefined) return undefined;
  const found = parsed([value], set);
  const usual = found.find(({ address }) => address !== '');
  if (usual) return usual;
  const text = headerText(value, set).slice(0, lookedAt);
  // A quote that is left open takes in everything behind it.
  const isOpen = text.split('"').length % 2 === 0;
  const written = parsed([Buffer.from(isOpen ? text.replaceAll('"', '') : text).toString('latin1')]);
  const unusual = written.find(({ address }) => address !== '');
  if (unusual) return unusual;
  const address = addressOf(someAddress.exec(text)?.[0] ?? '');
  return { address, name: found[0]?.name ?? '' };
}

function parsed(values: readonly string[], set?: string): readonly MailAddress[] {
  return values
    .flatMap((value) => addressparser(separated(value.replaceAll(/\r?\n/g, '')), { flatten: true }))
    .slice(0, mostAddresses)
    .map(({ name, address }) => ({
      name: headerText(name, set)
        .replaceAll(/\\(?=[,"])|[<>]|[[(]\s{0,9}[\])]/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
      address: addressOf(address),
    }));
}

/** Addresses in brackets that a program has put behind each other without a comma. */
function separated(value: string): string {
  return value.includes('"') ? value : value.replaceAll(/>[ \t]{0,9}</g, '>, <');
}

/** An address as it is written, in lower case; '' where it is none. */
function addressOf(written: string): string {
  const text = headerText(written)
    .trim()
    .replace(/^(mailto|smtp):/i, '')
    .replace(/\?.*$/s, '')
    .replace(/^'(.*)'$/, '$1')
    .replace(/^<|>$/g, '')
    .toLowerCase();
  if (!oneAddress.test(text)) return '';
  const at = text.lastIndexOf('@') + 1;
  const domain = text.slice(at);
  return domain.includes('xn--') ? text.slice(0, at) + (domainToUnicode(domain) || domain) : text;
}
