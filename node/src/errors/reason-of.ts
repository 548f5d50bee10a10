const words: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  ENOTDIR: 'a file is in the place of its folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the account has used up its share of the disk',
  EROFS: 'the disk can only be read',
  EACCES: 'the account may not do that there',
  EPERM: 'the account may not do that there',
  EBUSY: 'another program holds it',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
};

/** Why something with a file failed, in an administrator's words where the system's code is known, without a full stop. */
export function reasonOf(cause: unknown): string {
  const { code, errcode } = (cause ?? {}) as { readonly code?: unknown; readonly errcode?: unknown };
  // SQLITE_FULL, of SQLite's own files.
  const known = errcode === 13 ? words['ENOSPC'] : words[String(code)];
  return known ?? (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}
