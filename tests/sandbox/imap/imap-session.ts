import type { Socket } from 'node:net';
import { envelope, imapString, internalDate, words } from './imap-format.ts';
import type { ImapFolder } from './imap-store.ts';
import type { ImapServerState } from './imap-sandbox.ts';

/** One client's connection: reads commands and answers them. */
export class ImapSession {
  readonly #socket: Socket;
  readonly #server: ImapServerState;
  #buffer = Buffer.alloc(0);
  #literal: { readonly line: string; readonly size: number } | undefined;
  #continued: ((line: string) => void) | undefined;
  #folder: ImapFolder | undefined;

  constructor(socket: Socket, server: ImapServerState) {
    this.#socket = socket;
    this.#server = server;
    socket.on('data', (data: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, data]);
      this.#read();
    });
    socket.on('error', () => socket.destroy());
    this.#send(`* OK [CAPABILITY ${this.#capabilities()}] sandbox ready`);
  }

  #capabilities(): string {
    return `IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2 UIDPLUS ${this.#server.extensions} SPECIAL-USE ID NAMESPACE UNSELECT`;
  }

  #send(line: string | Buffer): void {
    if (!this.#socket.destroyed)
      this.#socket.write(typeof line === 'string' ? Buffer.from(`${line}\r\n`, 'latin1') : line);
  }

  #read(): void {
    for (;;) {
      if (this.#literal) {
        if (this.#buffer.length < this.#literal.size) return;
        const text = this.#buffer.subarray(0, this.#literal.size).toString('utf8');
        this.#buffer = this.#buffer.subarray(this.#literal.size);
        const before = this.#literal.line.replace(/\{\d+\+?\}$/, `"${text}"`);
        this.#literal = undefined;
        this.#buffer = Buffer.concat([Buffer.from(before), this.#buffer]);
      }
      const end = this.#buffer.indexOf('\r\n');
      if (end < 0) return;
      const line = this.#buffer.subarray(0, end).toString('utf8');
      this.#buffer = this.#buffer.subarray(end + 2);
      const literal = /\{(\d+)(\+?)\}$/.exec(line);
      if (literal) {
        this.#literal = { line, size: Number(literal[1]) };
        if (!literal[2]) this.#send('+ go on');
      } else if (this.#continued) {
        const take = this.#continued;
        this.#continued = undefined;
        take(line);
      } else this.#command(line);
    }
  }

  #command(line: string): void {
    const [, tag = '*', name = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/s.exec(line) ?? [];
    const command = name.toUpperCase();
    const byUid = command === 'UID';
    const verb = byUid ? (words(rest)[0] ?? '').toUpperCase() : command;
    const args = byUid ? rest.replace(/^\S+ ?/, '') : rest;
    this.#server.commands.push(byUid ? `UID ${verb}` : verb);
    const fault = this.#server.faults.get(verb);
    if (fault?.(this.#socket, line) === true) return;
    const answer = this.#answer(verb, args, byUid, tag);
    if (answer !== undefined) this.#send(`${tag} ${answer}`);
  }

  #answer(verb: string, args: string, byUid: boolean, tag: string): string | undefined {
    switch (verb) {
      case 'CAPABILITY':
        this.#send(`* CAPABILITY ${this.#capabilities()}`);
        return 'OK done';
      case 'ID':
        this.#send('* ID NIL');
        return 'OK done';
      case 'NAMESPACE':
        this.#send('* NAMESPACE (("" "/")) NIL NIL');
        return 'OK done';
      case 'LOGIN': {
        const [user, password] = words(args);
        return this.#signIn(user, password);
      }
      case 'AUTHENTICATE':
        return this.#authenticate(args, tag);
      case 'LIST':
        return this.#list(args);
      case 'CREATE':
        this.#server.folder(words(args)[0] ?? '', true);
        return 'OK done';
      case 'SELECT':
      case 'EXAMINE':
        return this.#select(words(args)[0] ?? '');
      case 'STATUS': {
        const folder = this.#server.folder(words(args)[0] ?? '');
        if (!folder) return 'NO [NONEXISTENT] no such folder';
        this.#send(
          `* STATUS ${imapString(folder.path)} (MESSAGES ${folder.messages.length} UIDNEXT ${folder.uidNext})`,
        );
        return 'OK done';
      }
      case 'LOGOUT':
        this.#send('* BYE bye');
        this.#send(`${tag} OK done`);
        this.#socket.end();
        return undefined;
      case 'NOOP':
      case 'ENABLE':
      case 'UNSELECT':
      case 'CLOSE':
        return 'OK done';
      default:
        return this.#folder ? this.#inFolder(this.#folder, verb, args, byUid) : 'BAD no folder is selected';
    }
  }

  #signIn(user: string | undefined, password: string | undefined): string {
    const good = user === this.#server.user && password === this.#server.password;
    return good ? `OK [CAPABILITY ${this.#capabilities()}] in` : 'NO [AUTHENTICATIONFAILED] wrong user or password';
  }

  #authenticate(args: string, tag: string): string | undefined {
    const [method = '', initial] = words(args);
    const take = (base64: string): string => {
      const text = Buffer.from(base64, 'base64').toString();
      if (method.toUpperCase() === 'PLAIN') {
        const [, user, password] = text.split('\0');
        return this.#signIn(user, password);
      }
      const fields = new Map(text.split('\u0001').map((field) => field.split('=', 2) as [string, string]));
      const token = fields.get('auth')?.replace(/^Bearer /, '');
      return this.#signIn(fields.get('user'), token === this.#server.accessToken ? this.#server.password : '');
    };
    if (initial !== undefined) return take(initial);
    this.#continued = (line) => this.#send(`${tag} ${take(line)}`);
    this.#send('+ ');
    return undefined;
  }

  #list(args: string): string {
    const pattern = words(args.replace(/ RETURN .*$/i, '')).at(-1) ?? '*';
    if (pattern === '') this.#send('* LIST (\\Noselect) "/" ""');
    for (const folder of pattern === '' ? [] : this.#server.folders) {
      if (pattern !== '*' && pattern !== '%' && pattern.toLowerCase() !== folder.path.toLowerCase()) continue;
      this.#send(`* LIST (${['\\HasNoChildren', ...folder.attributes].join(' ')}) "/" ${imapString(folder.path)}`);
    }
    return 'OK done';
  }

  #select(path: string): string {
    const folder = this.#server.folder(path);
    this.#folder = folder;
    if (!folder) return 'NO [NONEXISTENT] no such folder';
    this.#send('* FLAGS (\\Seen \\Deleted \\Answered \\Flagged \\Draft)');
    this.#send(`* ${folder.messages.length} EXISTS`);
    this.#send('* 0 RECENT');
    this.#send('* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] ok');
    this.#send(`* OK [UIDVALIDITY ${folder.uidValidity}] ok`);
    this.#send(`* OK [UIDNEXT ${folder.uidNext}] ok`);
    return 'OK [READ-WRITE] done';
  }

  #inFolder(folder: ImapFolder, verb: string, args: string, byUid: boolean): string {
    const [set = '', second = ''] = words(args);
    switch (verb) {
      case 'SEARCH': {
        const since = /SINCE "?(\d+-\w+-\d+)"?/i.exec(args)?.[1];
        const from = since ? Date.parse(`${since} UTC`) : -Infinity;
        const found = folder.messages.filter(
          (one) =>
            one.internalDate.getTime() >= from && !(/UNDELETED|NOT DELETED/i.test(args) && one.flags.has('\\Deleted')),
        );
        this.#send(`* SEARCH ${found.map((one) => (byUid ? one.uid : folder.sequence(one))).join(' ')}`.trim());
        return 'OK done';
      }
      case 'FETCH':
        for (const message of folder.select(set, byUid)) this.#fetch(folder, message, args);
        return 'OK done';
      case 'STORE': {
        const flags = words(args.slice(args.indexOf('(') + 1, args.indexOf(')')));
        for (const message of folder.select(set, byUid)) {
          for (const flag of flags)
            if (second.startsWith('-')) message.flags.delete(flag);
            else message.flags.add(flag);
        }
        return 'OK done';
      }
      case 'MOVE': {
        const target = this.#server.folder(second);
        if (!target) return 'NO [TRYCREATE] no such folder';
        const moved = folder.select(set, byUid);
        const uids = moved.map((one) => target.add(one.source, one.internalDate, [...one.flags]));
        if (moved.length > 0)
          this.#send(
            `* OK [COPYUID ${target.uidValidity} ${moved.map((one) => one.uid).join(',')} ${uids.join(',')}] moved`,
          );
        for (const sequence of folder.remove(new Set(moved.map((one) => one.uid)))) this.#send(`* ${sequence} EXPUNGE`);
        return 'OK done';
      }
      case 'COPY': {
        const target = this.#server.folder(second);
        if (!target) return 'NO [TRYCREATE] no such folder';
        for (const one of folder.select(set, byUid)) target.add(one.source, one.internalDate, [...one.flags]);
        return 'OK done';
      }
      case 'EXPUNGE': {
        const chosen = byUid ? folder.select(set, true) : folder.messages;
        const gone = chosen.filter((one) => one.flags.has('\\Deleted')).map((one) => one.uid);
        for (const sequence of folder.remove(new Set(gone))) this.#send(`* ${sequence} EXPUNGE`);
        return 'OK done';
      }
      default:
        return `BAD ${verb} is not known here`;
    }
  }

  #fetch(folder: ImapFolder, message: ReturnType<ImapFolder['select']>[number], args: string): void {
    const parts = [`UID ${message.uid}`];
    if (/FLAGS/i.test(args)) parts.push(`FLAGS (${[...message.flags].join(' ')})`);
    if (/RFC822\.SIZE/i.test(args)) parts.push(`RFC822.SIZE ${message.source.length}`);
    if (/INTERNALDATE/i.test(args)) parts.push(`INTERNALDATE ${internalDate(message.internalDate)}`);
    if (/ENVELOPE/i.test(args)) parts.push(`ENVELOPE ${envelope(message)}`);
    const head = `* ${folder.sequence(message)} FETCH (${parts.join(' ')}`;
    if (!/BODY(\.PEEK)?\[\]/i.test(args)) return this.#send(`${head})`);
    this.#send(Buffer.from(`${head} BODY[] {${message.source.length}}\r\n`, 'latin1'));
    this.#send(message.source);
    this.#send(')');
  }
}
