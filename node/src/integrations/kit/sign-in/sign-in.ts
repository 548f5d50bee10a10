import type { Values } from '../fill-in.ts';

/**
 * How one signs in to a vendor, as data. `{Name}` in a text is the setting of that name; addresses that begin with `/` are below the
 * API's own. Whatever is refused with 401 is tried once more with a new token, where there are tokens.
 */
export type SignIn =
  NoSignIn | KeySignIn | BasicSignIn | QuerySignIn | GrantSignIn | LoginSignIn | ServiceAccountSignIn | RefreshSignIn;

/** Nothing is needed. */
export interface NoSignIn {
  readonly style: 'none';
}

/** Headers that are sent with each request: `{ 'X-ApiKeys': 'accessKey={AccessKey}; secretKey={SecretKey}' }`. */
export interface KeySignIn {
  readonly style: 'key';
  /** By name; a function where the form depends on the key itself. */
  readonly headers: Readonly<Record<string, string>> | ((values: Values) => Readonly<Record<string, string>>);
}

/** HTTP's basic authentication. Either part may be empty. */
export interface BasicSignIn {
  readonly style: 'basic';
  readonly username: string;
  readonly password: string;
}

/** Parameters in the query of each request; they are kept out of logs, errors and cursors. */
export interface QuerySignIn {
  readonly style: 'query';
  readonly parameters: Readonly<Record<string, string>>;
}

/** What the token requests of OAuth have in common. */
interface TokenRequest {
  /** Where tokens are asked for. */
  readonly url: string;
  readonly sends?: 'form' | 'json';
  /** Further fields, such as audience and scope. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Sends client id and secret as basic authentication in place of fields. */
  readonly basic?: boolean;
}

/** OAuth's client credentials, or its password grant. */
export type GrantSignIn = TokenRequest &
  (
    | { readonly style: 'client-credentials'; readonly clientId: string; readonly clientSecret: string }
    | {
        readonly style: 'password';
        readonly username: string;
        readonly password: string;
        readonly clientId?: string;
        readonly clientSecret?: string;
      }
  );

/** A request that answers a token, which goes into a header of the others. */
export interface LoginSignIn {
  readonly style: 'login';
  readonly request: LoginRequest;
  /** Where the token is in the answer. */
  readonly token: string;
  /** Where its life is said in the answer: seconds, or the moment it ends as a date. */
  readonly expires?: string;
  /** How the token is sent. Default: `Authorization`, `Bearer `. */
  readonly header?: string;
  readonly prefix?: string;
  /** How a token is renewed with what the login gave for that; the whole login where this is refused. */
  readonly renewal?: { readonly with: string; readonly request: LoginRequest };
}

/** A request of a login; in the one of a renewal, `{renewal}` is what the login gave for it. */
export interface LoginRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** One of these is the body. */
  readonly json?: Readonly<Record<string, unknown>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** A service account that signs a JWT with its own key (RFC 7523). */
export interface ServiceAccountSignIn {
  readonly style: 'service-account';
  /** The key file's text as the vendor gave it: JSON with client_email, private_key and token_uri. */
  readonly key: string;
  readonly scopes: readonly string[];
  /** Whom it acts for. */
  readonly subject?: string;
  /** Where the token is asked for, if not where the key file says. */
  readonly url?: string;
}

/**
 * A refresh token that is replaced by a new one each time it is used. The newest is kept, sealed, before anything is done with it;
 * the setting holds the first one only, and a new one there begins anew.
 */
export interface RefreshSignIn extends TokenRequest {
  readonly style: 'refresh-token';
  readonly refreshToken: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}
