import { fillIn, namesIn } from '../fill-in.ts';
import { textOf } from '../field-path.ts';
import { grantSigner } from './grants.ts';
import { loginSigner } from './login.ts';
import { refreshTokenSigner } from './refresh-token.ts';
import { serviceAccountSigner } from './service-account.ts';
import type { KeySignIn, QuerySignIn, SignIn } from './sign-in.ts';
import { headerSigner, type Signer, type SignerParts } from './signer.ts';

/** The signer of a declared sign-in. Throws MissingCredentialError, UnusableKeyError, NothingKeptError. */
export function createSigner(signIn: SignIn, parts: SignerParts): Signer {
  const fill = (text: string): string => fillIn(parts.integration, text, parts.values);
  switch (signIn.style) {
    case 'none':
      return headerSigner({}, []);
    case 'key':
      return keySigner(signIn, parts);
    case 'basic': {
      const [username, password] = [fill(signIn.username), fill(signIn.password)];
      const encoded = Buffer.from(`${username}:${password}`).toString('base64');
      return headerSigner({ authorization: `Basic ${encoded}` }, [password, encoded]);
    }
    case 'query':
      return querySigner(signIn, parts);
    case 'client-credentials':
    case 'password':
      return grantSigner(signIn, parts);
    case 'login':
      return loginSigner(signIn, parts);
    case 'service-account':
      return serviceAccountSigner(signIn, parts);
    case 'refresh-token':
      return refreshTokenSigner(signIn, parts);
  }
}

function keySigner({ headers }: KeySignIn, { integration, values }: SignerParts): Signer {
  const declared = typeof headers === 'function' ? headers(values) : headers;
  const filled = Object.entries(declared).map(([name, text]) => [
    name.toLowerCase(),
    fillIn(integration, text, values),
  ]);
  const parts = Object.values(declared).flatMap((text) => namesIn(text).flatMap((name) => textOf(values[name]) ?? []));
  return headerSigner(Object.fromEntries(filled), [...parts, ...filled.map(([, text = '']) => text)]);
}

function querySigner({ parameters }: QuerySignIn, { integration, values }: SignerParts): Signer {
  const filled = Object.fromEntries(
    Object.entries(parameters).map(([name, text]) => [name, fillIn(integration, text, values)]),
  );
  const secrets = Object.values(filled);
  return {
    sign: async (request) => ({
      ...request,
      query: { ...request.query, ...filled },
      secrets: [...(request.secrets ?? []), ...secrets],
    }),
    refused: () => false,
  };
}
