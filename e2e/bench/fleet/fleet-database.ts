import pg from 'pg';
import type { ScriptedAppliance } from '../../../packages/platform/src/features/testing/scripted-appliance.ts';

/** Appliances that share a network. */
const appliancesANetwork = 100;

/** Where an appliance scans: its network, and an address in it. */
export interface FleetPlace {
  readonly networkId: number;
  readonly address: string;
}

/**
 * Enters appliances as if each had been activated, in networks of a hundred, each with a /24 of its own: enrolling thousands over HTTPS would
 * measure the enrolment. Sets `applianceId` of each, and returns the place of each.
 */
export async function enterFleet(url: string, fleet: readonly ScriptedAppliance[]): Promise<readonly FleetPlace[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const networks = await enterNetworks(client, Math.ceil(fleet.length / appliancesANetwork));
    const { rows } = await client.query<{ id: string; key_id: string }>(
      `insert into appliance (subscription_id, name, state, public_key, key_id, kind, poll_interval_seconds)
       select s.id, 'box-' || n, 'active', public_key, key_id, 'virtual', 60
       from (select id from subscription limit 1) s, unnest($1::text[], $2::text[]) with ordinality as given (public_key, key_id, n)
       returning id, key_id`,
      [fleet.map((each) => each.publicKey), fleet.map((each) => each.keyId)],
    );
    const ids = new Map(rows.map((row) => [row.key_id, Number(row.id)]));
    for (const each of fleet) each.applianceId = ids.get(each.keyId) ?? 0;
    const places = fleet.map((_, index) => {
      const number = Math.floor(index / appliancesANetwork);
      return { networkId: networks[number] ?? 0, address: `10.${number >> 8}.${number & 255}.1` };
    });
    await client.query(
      `insert into appliance_network (subscription_id, appliance_id, network_id)
       select s.id, given.appliance, given.network from (select id from subscription limit 1) s, unnest($1::bigint[], $2::bigint[]) as given (appliance, network)`,
      [fleet.map((each) => each.applianceId), places.map((place) => place.networkId)],
    );
    await client.query('analyze');
    return places;
  } finally {
    await client.end();
  }
}

async function enterNetworks(client: pg.Client, count: number): Promise<readonly number[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into network (subscription_id, name) select s.id, 'fleet ' || n from (select id from subscription limit 1) s, generate_series(1, $1) n returning id`,
    [count],
  );
  const networks = rows.map((row) => Number(row.id));
  await client.query(
    `insert into network_range (subscription_id, network_id, kind, first_address, last_address)
     select s.id, network, 'range', '10.0.0.0'::inet + (n - 1) * 256, '10.0.0.0'::inet + (n - 1) * 256 + 255
     from (select id from subscription limit 1) s, unnest($1::bigint[]) with ordinality as given (network, n)`,
    [networks],
  );
  return networks;
}
