const words: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EEXIST: 'it is there already',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a file is in the place of its folder',
  ENOTEMPTY: 'the folder is not empty',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the account has used up its share of the disk',
  EFBIG: 'it would be larger than a file may be',
  EROFS: 'the disk can only be read',
  EACCES: 'the account may not do that there',
  EPERM: 'the account may not do that there',
  EBUSY: 'another program holds it',
  ETXTBSY: 'another program holds it',
  EXDEV: 'it would have to go to another disk',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOMEM: 'the memory is used up',
  EIO: 'the disk reports an error',
  ENODEV: 'the drive is not there',
  ENXIO: 'the drive is not there',
  ESTALE: 'the share is no longer there',
  ECONNREFUSED: 'nothing answers at this address and port',
  ECONNRESET: 'the connection was broken off by the other side',
  ECONNABORTED: 'the connection was broken off',
  EPIPE: 'the connection was broken off by the other side',
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'the name server does not answer',
  EAI_FAIL: 'the name server does not answer',
  ETIMEDOUT: 'it does not answer',
  ESOCKETTIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'there is no way to this host',
  EHOSTDOWN: 'the host is down',
  ENETUNREACH: 'there is no way to this network',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'there is no way to this address',
  EADDRINUSE: 'the address is in use',
  EPROTO: 'it does not speak TLS as we do',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer',
  UND_ERR_BODY_TIMEOUT: 'its answer does not come to an end',
  UND_ERR_SOCKET: 'the connection was broken off by the other side',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'its answer is not as long as it says',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is not trusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted',
};

/** What SQLite says of its files, by the low byte of its code. */
const ofSqlite: Readonly<Record<number, string>> = {
  3: 'the account may not do that there',
  5: 'another program holds it',
  6: 'another program holds it',
  7: 'the memory is used up',
  8: 'it can only be read',
  10: 'the disk reports an error',
  11: 'its parts do not fit together',
  13: 'the disk is full',
  14: 'it cannot be opened',
  23: 'the account may not do that there',
  26: 'it is no database',
};

/** How Node begins the message of such an error: the code, what it means for a programmer, and the call. */
const systemMessage = /^(?:[a-z]+ )?(E[A-Z_]{3,}|UND_ERR_[A-Z_]+)\b/;

/** What an administrator would say of a system's error; undefined where its code is not known. */
export function systemReason(cause: unknown): string | undefined {
  const { code, errcode, message, name } = (cause ?? {}) as Partial<
    Record<'code' | 'errcode' | 'message' | 'name', unknown>
  >;
  if (typeof errcode === 'number') return ofSqlite[errcode & 0xff];
  if (typeof code === 'string' && Object.hasOwn(words, code)) return words[code];
  if (typeof code === 'string' && code.startsWith('ERR_SSL_')) return words['EPROTO'];
  if (name === 'HTTPParserError') return 'its answer is no HTTP';
  const named = typeof message === 'string' ? systemMessage.exec(message)?.[1] : undefined;
  return named !== undefined && Object.hasOwn(words, named) ? words[named] : undefined;
}

/** Why something failed, in an administrator's words where the system's code is known, without a full stop. */
export function reasonOf(cause: unknown): string {
  return systemReason(cause) ?? (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
}
