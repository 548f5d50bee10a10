/** What makers leave where a serial number belongs, in lower case and without anything but letters and digits. */
const placeholders = new Set([
  ...['tobefilledbyoem', 'tobefilledbyoemoem', 'oem', 'oemserialnumber', 'filledbyoem', 'byoem'],
  ...['defaultstring', 'default', 'systemserialnumber', 'serialnumber', 'serial', 'serialno', 'sn', 'sernum'],
  ...['chassisserialnumber', 'chassisserial', 'baseboardserialnumber', 'boardserialnumber', 'mbserialnumber'],
  ...['none', 'null', 'nil', 'undefined', 'unknown', 'unspecified', 'notspecified', 'notapplicable', 'notavailable', 'na'],
  ...['empty', 'blank', 'invalid', 'missing', 'test', 'dummy', 'noserial', 'noserialnumber', 'nosn', 'notset', 'notpresent'],
  ...['systemproductname', 'systemmanufacturer', 'systemversion', 'notsettable', 'tbd', 'todo', 'evalboard', 'error'],
]); // prettier-ignore
const digits = '01234567890123456789';

/**
 * A serial number to find an asset by: trimmed, in lower case. Undefined where it is none, or what stands there when a maker gave none
 * ("To be filled by O.E.M.", "Default string", 0, 123456789, one character again and again): hundreds of machines share those.
 */
export function usableSerial(serial: unknown): string | undefined {
  const text = typeof serial === 'string' || typeof serial === 'number' ? String(serial).trim().toLowerCase() : '';
  const plain = text.replaceAll(/[^\p{L}\p{N}]/gu, '');
  if (plain.length < 3 || placeholders.has(plain)) return undefined;
  if (new Set(plain).size === 1) return undefined;
  if (digits.includes(plain) || digits.includes([...plain].reverse().join(''))) return undefined;
  return text;
}
