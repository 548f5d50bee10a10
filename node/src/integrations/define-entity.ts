import type { Entity } from './entity.ts';

/**
 * An entity whose vendor record type is known only to itself, so that entities of different types fit one list. Sound because
 * a reader's records go nowhere but back into the same reader.
 */
export function defineEntity<T>(entity: Entity<T>): Entity {
  return entity as unknown as Entity;
}
