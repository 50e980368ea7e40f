import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { silentLog } from '@picket/base/log';
import { platformConfigSchema } from '../../server/config.ts';
import { type Platform, startPlatform } from '../../start-platform.ts';
import type { Database } from '../../storage/database.ts';
import { type DatabaseKind, withDatabase } from '../../storage/testing.ts';
import { ScriptedAppliance } from './scripted-appliance.ts';

export interface ApiAnswer {
  readonly status: number;
  /** Text that is no JSON is itself. */
  // oxlint-disable-next-line no-explicit-any -- tests look into answers of every shape
  readonly json: any;
}

/** A whole platform on loopback with a database of its own. */
export interface PlatformUnderTest {
  readonly platform: Platform;
  /** For what another replica writes meanwhile. */
  readonly database: Database;
  /** Of the database server; null for the embedded database. */
  readonly databaseUrl: string | null;
  /** The API as a Manager. */
  api(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** A new device. */
  device(): ScriptedAppliance;
  /** A device that is enrolled by its activation code, in the network. */
  appliance(networkId: number, name?: string): Promise<ScriptedAppliance>;
  network(ranges: string, name?: string): Promise<number>;
  /** Moves the platform's wall clock forward. */
  advance(milliseconds: number): void;
}

export async function withPlatform(
  kind: DatabaseKind,
  test: (under: PlatformUnderTest) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'picket-platform-'));
  let offset = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
  const devices: ScriptedAppliance[] = [];
  try {
    await withDatabase(kind, async (database, opened) => {
      const config = platformConfigSchema.parse({ dataDirectory: directory, port: 0 });
      const platform = await startPlatform(config, { clock, random: systemRandom, log: silentLog, database });
      const socket = join(directory, 'admin.sock');
      const api = (method: string, path: string, body?: unknown) => call(socket, method, path, body);
      const device = () => {
        const made = new ScriptedAppliance(platform.url, platform.caPem ?? '');
        devices.push(made);
        return made;
      };
      try {
        await test({
          platform,
          database,
          databaseUrl: opened.kind === 'server' ? opened.url.reveal() : null,
          api,
          device,
          async appliance(networkId, name) {
            const made = device();
            const waiting = await made.hello();
            if (waiting.state !== 'waiting') throw new Error('a new device waits for its code');
            const body = { code: waiting.activationCode, networkIds: [networkId], ...(name ? { name } : {}) };
            const answer = await api('POST', '/api/v1/appliances/activate', body);
            if (answer.status !== 201) throw new Error(JSON.stringify(answer.json));
            await made.hello();
            return made;
          },
          async network(ranges, name = 'Test') {
            const answer = await api('POST', '/api/v1/networks', { name, ranges });
            if (answer.status !== 201) throw new Error(JSON.stringify(answer.json));
            return answer.json.id;
          },
          advance: (milliseconds) => (offset += milliseconds),
        });
      } finally {
        for (const made of devices) made.close();
        await platform.close();
      }
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function call(socketPath: string, method: string, path: string, body: unknown): Promise<ApiAnswer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers =
    text === '' ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ socketPath, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const received = Buffer.concat(chunks).toString('utf8');
        const isJson = String(response.headers['content-type']).includes('json');
        const json = received === '' ? null : isJson ? JSON.parse(received) : received;
        resolve({ status: response.statusCode ?? 0, json });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
