import { UsageError } from '../errors/command-errors.ts';
import { textOf, type Command } from './command.ts';

/** A GET of the built-in Halo API. */
export const api: Command = {
  name: 'api',
  async run(engine, params) {
    const path = textOf(params, 'path');
    if (!path || (textOf(params, 'method') ?? 'GET').toUpperCase() !== 'GET')
      throw new UsageError('api takes GET and a path.', 'Write it as: api GET "/Client?search=acme".');
    const parts = await engine.readingParts();
    return { data: await parts.api.request('GET', path), exitCode: 0 };
  },
};
