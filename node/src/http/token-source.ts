import type { Clock } from '../environment.ts';

const renewBeforeExpiry = 120_000;
const assumedLifetime = 600_000;

/** Where tokens come from: reused until shortly before they expire, asked for once however many wait. */
export interface TokenSource {
  token(signal?: AbortSignal): Promise<string>;
  /** Forgets a token the vendor no longer accepts, unless a newer one is there already. */
  discard(token: string): void;
}

/** A token as it was given. */
export interface GivenToken {
  readonly value: string;
  /** Milliseconds it lives from when it was asked for; ten minutes where nothing is said. */
  readonly lifetime?: number | undefined;
}

/** What a token source is made from. */
export interface TokenSourceParts {
  readonly clock: Clock;
  /** Gets a new token; `refused` where the last one was refused before its time. */
  ask(signal: AbortSignal | undefined, refused: boolean): Promise<GivenToken>;
}

interface Token {
  readonly value: string;
  readonly renewAt: number;
}

/** Tokens by whatever way they are asked for. */
export function createRenewingTokens({ clock, ask }: TokenSourceParts): TokenSource {
  let current: Token | undefined;
  let flight: Promise<Token> | undefined;
  let refused = false;

  async function renew(signal?: AbortSignal): Promise<Token> {
    const asked = clock.now().getTime();
    const { value, lifetime = assumedLifetime } = await ask(signal, refused);
    refused = false;
    return { value, renewAt: asked + lifetime - Math.min(renewBeforeExpiry, lifetime / 2) };
  }

  return {
    async token(signal) {
      if (current && clock.now().getTime() < current.renewAt) return current.value;
      flight ??= renew(signal).finally(() => {
        flight = undefined;
      });
      current = await flight;
      return current.value;
    },
    discard(token) {
      if (current?.value !== token) return;
      current = undefined;
      refused = true;
    },
  };
}
