import { expect, it } from '@jest/globals';
import { usableSerial } from '../../../node/src/integrations/kit/kinds/assets/placeholder-serial.ts';

it.each([
  ...[
    'To be filled by O.E.M.',
    'Default string',
    'System Serial Number',
    'None',
    '0',
    '123456789',
    '0123456789',
    'xxxxxxx',
  ],
  ...[
    '00000000',
    '..........',
    'N/A',
    '',
    '   ',
    '-',
    'Not Specified',
    '0000-0000-0000',
    '1234',
    '987654321',
    'INVALID',
  ],
])('%p is no serial number', (serial) => {
  expect(usableSerial(serial)).toBeUndefined();
});

it.each(['PF2ABCDE', 'vmware-56 4d 1a', '5CG0123456', 'R90X', '20230045'])('%p is a serial number', (serial) => {
  expect(usableSerial(` ${serial} `)).toBe(serial.toLowerCase());
});
