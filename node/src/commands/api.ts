import { UsageError } from '../errors/command-errors.ts';
import { command } from './command.ts';

/** A GET of the built-in Halo API. */
export const api = command('api', { method: 'text', path: 'text' }, async (engine, { method, path }) => {
  if (!path || (method ?? 'GET').toUpperCase() !== 'GET')
    throw new UsageError('api takes GET and a path.', 'Write it as: api GET "/Client?search=acme".');
  const parts = await engine.readingParts([]);
  return { data: await parts.api.request('GET', path), exitCode: 0 };
});
