import pg from 'pg';

/** What a scan left behind, as keys that are the same in every run of the same scan. */
export interface ScanFacts {
  /** Natural keys of all facts: hosts, ports, services with their product, findings. */
  readonly facts: readonly string[];
  /** Units of the ledger with their state. */
  readonly units: readonly string[];
  /** Detections of the network with how often each was found. */
  readonly timesFound: readonly string[];
}

/** Reads them past the platform, from its database, so that a fault of its own reports can't hide a loss. */
export async function readFacts(connectionString: string, scanId: number): Promise<ScanFacts> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const facts = await client.query(
      `select key || ' ' || coalesce(event ->> 'state', event ->> 'service', '') || ' ' || coalesce(event ->> 'product', '') as text
         from scan_fact where scan_id = $1 and type <> 'checked' order by 1`,
      [scanId],
    );
    const units = await client.query(
      `select phase || '/' || subject || ' ' || state as text from unit where scan_id = $1 order by 1`,
      [scanId],
    );
    const found = await client.query(
      `select host(a.address) || ':' || d.port || ' ' || d.check_id || ' ' || d.instance || ' x' || d.times_found as text
         from detection d join asset a on a.subscription_id = d.subscription_id and a.id = d.asset_id order by 1`,
    );
    const texts = (rows: { text: string }[]) => rows.map((row) => row.text);
    return { facts: texts(facts.rows), units: texts(units.rows), timesFound: texts(found.rows) };
  } finally {
    await client.end();
  }
}
