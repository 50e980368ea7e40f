import { engineEvent } from '@picket/contracts/event';
import { addToMap, emptyMap, mapSteps } from '@picket/contracts/map/fold-map';
import type { MapResult } from '@picket/contracts/map/map-result';
import type { Kysely } from 'kysely';
import type { AccessScope } from '../../server/context.ts';
import type { Schema } from '../../storage/schema.ts';
import { inTurns } from './in-turns.ts';
import { factPage, type JobRow, mapFacts } from './map-queries.ts';

/** Hosts that are kept in memory over all maps; the map that was asked for longest ago goes first. */
const keptHosts = 150_000;

/**
 * Maps by job and revision of its facts. Only a saving of work: another replica makes the same map out of the same rows, and a
 * map of an older revision is never given out.
 */
export class MapStore {
  readonly #maps = new Map<string, { readonly revision: number; readonly made: Promise<MapResult>; hosts: number }>();

  /** The map of the job as its facts are now. Several who ask at once share one making. */
  async read(scope: AccessScope, db: Kysely<Schema>, job: JobRow): Promise<MapResult> {
    const key = `${scope.subscriptionId}/${job.id}`;
    const known = this.#maps.get(key);
    this.#maps.delete(key);
    if (known?.revision === job.fact_revision) {
      this.#maps.set(key, known);
      return known.made;
    }
    const entry = { revision: job.fact_revision, made: makeMap(scope, db, job.id), hosts: 0 };
    this.#maps.set(key, entry);
    try {
      const made = await entry.made;
      entry.hosts = made.hosts.length;
      this.#trim();
      return made;
    } catch (error) {
      if (this.#maps.get(key) === entry) this.#maps.delete(key);
      throw error;
    }
  }

  #trim(): void {
    let hosts = [...this.#maps.values()].reduce((sum, one) => sum + one.hosts + 1000, 0);
    for (const [key, one] of this.#maps) {
      if (hosts <= keptHosts || this.#maps.size === 1) return;
      this.#maps.delete(key);
      hosts -= one.hosts + 1000;
    }
  }
}

/** Reads the facts page by page; between pages other requests get their turn. */
async function makeMap(scope: AccessScope, db: Kysely<Schema>, scanId: number): Promise<MapResult> {
  const draft = emptyMap();
  let after = '';
  for (;;) {
    const rows = await mapFacts(scope, db, scanId, after);
    for (const row of rows) addToMap(draft, engineEvent.parse(row.event));
    const last = rows.at(-1);
    if (rows.length < factPage || !last) return inTurns(mapSteps(draft));
    after = last.key;
  }
}
