import { reasonOf } from './reason-of.ts';

const advice: Readonly<Record<string, string>> = {
  ENOENT: 'Look whether the instance’s folder is still there, and whether a link stands in the file’s place.',
  EISDIR: 'Move away the folder at that path: a file of this instance belongs there.',
  EEXIST: 'Move away the file that stands in the place of its folder.',
  ENOTDIR: 'Move away the file that stands in the place of its folder.',
  ENOSPC: 'Make room on that disk, and run again.',
  EDQUOT: 'Give the account more of that disk, and run again.',
  EFBIG: 'Make room on that disk, and run again.',
  EROFS: 'Put the instance’s folder on a disk that can be written.',
  EBUSY: 'Close the program that holds it (a backup, a virus scanner), and run again.',
  ETXTBSY: 'Close the program that holds it (a backup, a virus scanner), and run again.',
  EIO: 'Look at the disk, or at the connection to it where it is on the network, and run again.',
  ESTALE: 'Look at the disk, or at the connection to it where it is on the network, and run again.',
  CANTOPEN: 'Look at what stands at that path: it must be a file that the account may read and write.',
  EMFILE: 'Run again when less is at work on this machine.',
  ENFILE: 'Run again when less is at work on this machine.',
};
/** The same by SQLite's codes. */
const ofSqlite: Readonly<Record<number, keyof typeof advice>> = {
  5: 'EBUSY',
  6: 'EBUSY',
  10: 'EIO',
  13: 'ENOSPC',
  14: 'CANTOPEN',
};

/** Why a file of our own cannot be used; its folder, which is made where it is not there, cannot be there already as a folder. */
export function fileReason(cause: unknown): string {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return code === 'EEXIST' ? 'a file is in the place of its folder' : reasonOf(cause);
}

/** What to do where a file of our own cannot be used; undefined where it is not the system that says so, or it is about rights. */
export function fileAdvice(cause: unknown): string | undefined {
  const { code, errcode } = (cause ?? {}) as Partial<Record<'code' | 'errcode', unknown>>;
  const named = typeof errcode === 'number' ? ofSqlite[errcode & 0xff] : code;
  return typeof named === 'string' && Object.hasOwn(advice, named) ? advice[named] : undefined;
}
