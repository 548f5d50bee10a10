import type { SignIn } from '../../../node/src/integrations/kit/sign-in/sign-in.ts';
import type { VendorContext } from '../../../node/src/integrations/connection.ts';
import { openApi, type DeclaredApi } from '../../../node/src/integrations/kit/vendor-api.ts';
import { apiContext, scriptedVendor, type GotRequest, type Said, type ScriptedVendor } from './scripted-vendor.ts';

/** What the connections of these tests have. */
export const settings = {
  Id: 'my-id',
  Secret: 'my-secret',
  User: 'me@acme.example',
  Password: 'pass word&1',
  Key: 'k-12345',
};

/** Opens an API of a vendor with a way of signing in. */
export function open(
  vendor: ScriptedVendor,
  signIn: SignIn,
  more: Partial<DeclaredApi> = {},
  context: Partial<VendorContext> = {},
) {
  const declared = { integration: 'Acme', address: `${vendor.url}/v2`, signIn, ...more };
  const all = { ...settings, ...context.settings };
  return openApi(declared, apiContext(all, { ...context, settings: all }));
}

/** A vendor that gives tokens one after another and takes only the last; `expire` makes that one void. */
export function tokenVendor(token: (request: GotRequest, count: number) => Said, path = '/token') {
  const state = { issued: 0, valid: '' };
  return {
    state,
    expire: () => (state.valid = 'none'),
    start: () =>
      scriptedVendor((request) => {
        if (request.path === path) {
          const said = token(request, state.issued + 1);
          if ((said.status ?? 200) < 300) state.valid = `token-${++state.issued}`;
          return said;
        }
        const ok = request.headers.authorization === `Bearer ${state.valid}`;
        return ok
          ? { body: { fine: true } }
          : { status: 401, body: { message: `no ${request.headers.authorization}` } };
      }),
  };
}
