import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Dialer } from '@picket/base/dialer';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { inLanes } from '../run/lanes.ts';
import type { ServiceFacts } from '../run/stages.ts';
import { createIdentifyService } from './identify.ts';
import { probes } from './registry.ts';
import { allDaemons, daemonPackages } from './testing/all-daemons.ts';
import { certificateSubject, type Daemon } from './testing/daemon.ts';
import { type RunningDaemon, runDaemon } from './testing/run-daemon.ts';

const root = join(import.meta.dirname, '../../../..');
const content = join(root, 'content/fingerprints');
const fingerprints = new FingerprintDb(
  readdirSync(content)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => {
      const file = loadFingerprintFile(readFileSync(join(content, name), 'utf8'), name, { keepExamples: false });
      if (!file.ok) throw new Error(file.error.message);
      return file.value;
    }),
);
const identify = createIdentifyService({ fingerprints });

/** Identifies what listens on `real` as if it were on `shown`. */
async function look(shown: number, real: number, protocol: 'tcp' | 'udp'): Promise<ServiceFacts> {
  const sockets = nodeSockets();
  const dialer: Dialer = {
    connectTcp: (request) => sockets.connectTcp({ ...request, port: real }),
    exchangeUdp: (request) => sockets.exchangeUdp({ ...request, port: real }),
  };
  const tools = { dialer, clock: systemClock, random: systemRandom, signal: new AbortController().signal };
  return identify({ address: '127.0.0.1', port: shown, protocol, names: [] }, tools);
}

function upstreamVersion(dpkg: string): string {
  const full = execFileSync('dpkg-query', ['-W', '-f', '${Version}', dpkg], { encoding: 'utf8' });
  return full.replace(/^[0-9]+:/, '').replace(/-[^-]*$/, '');
}

const isRoot = process.getuid?.() === 0;
const installed = (daemon: Daemon) =>
  existsSync(daemon.program) && [daemon.dpkg, ...(daemon.needs ?? [])].every((name) => isInstalled(name));
const packages = isRoot ? installedPackages() : new Set<string>();
const present = isRoot ? allDaemons.filter(installed) : [];

function isInstalled(name: string): boolean {
  return packages.has(name);
}

function installedPackages(): ReadonlySet<string> {
  try {
    const format = '${Package} ${db:Status-Status}\n';
    const list = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 1 << 26 });
    return new Set(list.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0] ?? ''] : [])));
  } catch {
    return new Set();
  }
}

/** What is wrong with the facts of a daemon; empty when nothing is. */
function faults(daemon: Daemon, facts: ServiceFacts, usual: boolean): string[] {
  const wanted: Record<string, unknown> = { service: daemon.service, product: daemon.product, tunnel: daemon.tunnel };
  const seen: Record<string, unknown> = { ...facts };
  const wrong = Object.entries(wanted).flatMap(([key, value]) =>
    value === undefined || seen[key] === value ? [] : [`${key}: ${String(seen[key])}, not ${String(value)}`],
  );
  const version = daemon.version ? upstreamVersion(daemon.dpkg) : null;
  if (version !== null && !sameVersion(facts.version ?? '', version))
    wrong.push(`version: ${facts.version}, not ${version}`);
  if (usual && facts.evidence?.probe !== daemon.proves)
    wrong.push(`probe: ${facts.evidence?.probe}, not ${daemon.proves}`);
  if (daemon.tunnel && facts.tls?.certificate?.subject !== certificateSubject)
    wrong.push('the certificate was not seen');
  return wrong;
}

describe.runIf(isRoot && present.length >= 12)('real daemons of Debian (needs root and the packages)', () => {
  const running: RunningDaemon[] = [];

  beforeAll(async () => {
    const failed: unknown[] = [];
    await inLanes(present, 12, async (daemon) => {
      await runDaemon(daemon).then(
        (started) => running.push(started),
        (error: unknown) => failed.push(error),
      );
    });
    if (failed.length > 0) throw new AggregateError(failed, failed.map(String).join('; '));
  }, 90_000);

  afterAll(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
  });

  it('are named rightly on their usual port, by their own probe, with the version of the package where they tell it', async () => {
    const wrong: string[] = [];
    await inLanes(running, 24, async ({ daemon, port }) => {
      const facts = await look(daemon.usualPort, port, daemon.protocol ?? 'tcp');
      for (const fault of faults(daemon, facts, true))
        wrong.push(`${daemon.name}: ${fault} ${JSON.stringify(facts).slice(0, 300)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('are named rightly on an odd port, where their protocol is tried', async () => {
    const wrong: string[] = [];
    const moved = running.filter(({ daemon }) => !daemon.usualPortOnly);
    await inLanes(moved, 24, async ({ daemon, port }) => {
      const facts = await look(port, port, daemon.protocol ?? 'tcp');
      for (const fault of faults(daemon, facts, false))
        wrong.push(`${daemon.name}: ${fault} ${JSON.stringify(facts).slice(0, 300)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('are all there when every package is: each probe that counts as proved has one', () => {
    const complete = daemonPackages.every(isInstalled);
    const seen = new Set(running.map(({ daemon }) => daemon.proves));
    const missing = probes.filter(({ proved, name }) => proved === 'server' && !seen.has(name)).map(({ name }) => name);
    expect(complete ? missing : []).toEqual([]);
  });

  it('show their certificate', async () => {
    const nginx = running.find(({ daemon }) => daemon.tunnel === 'tls');
    const facts = await look(443, nginx?.port ?? 0, 'tcp');
    expect(facts.tls?.certificate).toMatchObject({
      subject: 'CN=lab.test',
      names: ['lab.test', '127.0.0.1'],
      keyType: 'rsa',
      keyBits: 2048,
      selfSigned: true,
    });
  });
});

/** `9.2p1` of a banner is `9.2p1` of the package; `9.0.70-1` or `1.6.18+dfsg` may follow. */
function sameVersion(seen: string, packaged: string): boolean {
  return seen !== '' && (packaged === seen || new RegExp(`^${seen.replaceAll('.', '\\.')}(?![0-9])`).test(packaged));
}
