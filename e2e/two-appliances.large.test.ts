import { hostAccount } from '@picket/contracts/api/host-account';
import type { ScanDetail } from '@picket/contracts/api/scan';
import { compressPorts } from '@picket/plan/port-set';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingPrograms } from '../packages/outbound/src/testing/real-proxies.ts';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import { type Frames, PairGround, pairTargets } from './harness/pair-ground.ts';
import { scanHosts } from './harness/scan-results.ts';

const support = canUseNamespaces();
const missing = missingPrograms();

describe.skipIf(!support.ok || missing.length > 0 || !canRunPostgres())(
  'two appliances at one scan, behind NTLM and under split network',
  () => {
    let postgres: PostgresServer;
    let ground: PairGround;
    let scan: ScanDetail;
    let lan: Frames;
    let wan: Frames;
    let inner: Frames;

    beforeAll(async () => {
      postgres = await startPostgres();
      await postgres.administer('create database pair');
      ground = await PairGround.open(postgres.socketUrl('pair'));
      const captures = [await ground.capture('lansw'), await ground.capture('wansw'), await ground.capture('inner')];
      const { networkId } = await ground.start();
      const request = { kind: 'scan', networkId, targets: pairTargets.range, profile: 'fast' } as const;
      const scanId = await ground.deployment.launch({ ...request, ports: pairTargets.ports.join(',') });
      scan = await ground.deployment.untilEnded(scanId, 300_000);
      const [onLan, onWan, onInner] = await Promise.all(captures.map((each) => each.stop()));
      if (!onLan || !onWan || !onInner) throw new Error('a capture is missing');
      [lan, wan, inner] = [onLan, onWan, onInner];
    }, 590_000);

    afterAll(async () => {
      await ground?.[Symbol.asyncDispose]();
      await postgres?.stop();
    }, 60_000);

    it('both work at it, and its ledger is complete', () => {
      const { status, complete, notEvaluable } = scan;
      const story = `${ground.deployment.tails()}\n${ground.splitLog.slice(-3000)}`;
      expect({ status, complete, notEvaluable }, story).toEqual({
        status: 'finished',
        complete: true,
        notEvaluable: [],
      });
      const shares = scan.appliances.filter(({ slices }) => slices > 0).map(({ name }) => name);
      expect(shares.toSorted(), story).toEqual(['ntlm', 'split']);
    });

    it('finds what is in both routed networks, whoever was there', async () => {
      const hosts = await scanHosts(ground.deployment.client, scan.id);
      const found = hosts.map(({ address, openPorts }) => `${address} ${openPorts.map(({ port }) => port).toSorted()}`);
      const there = pairTargets.hosts.map((host) => `${host} ${pairTargets.ports}`);
      const routers = pairTargets.routers.map((router) => `${router} `);
      expect(found.toSorted()).toEqual([...there, ...routers].toSorted());
    });

    it('says of a host how it was found and that no port is left out, and of nobody that it was silent', async () => {
      const account = (address: string) =>
        ground.deployment.client.get(`/api/v1/scans/${scan.id}/hosts/${address}/account`, hostAccount);
      const [host = ''] = pairTargets.hosts;
      const found = await account(host);
      expect(found).toMatchObject({ outcome: 'found', inPlan: true, slice: { state: 'done' } });
      expect(found.phases.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
      expect(found.ports).toMatchObject([{ protocol: 'tcp', notTested: '', coverageKnown: true }]);
      expect(found.ports[0]?.open).toBe(compressPorts(pairTargets.ports.toSorted((a, b) => a - b)));
      expect(found.slice?.leases[0]?.appliance).toMatch(/^(ntlm|split)$/);
      const nobody = host.replace(/[0-9]+$/, '253');
      const silent = await account(nobody);
      expect(silent).toMatchObject({ outcome: 'silent', discovery: { state: 'done', answer: null } });
      expect(silent.discovery?.sent?.sent.length, silent.discovery?.probes.join('\n')).toBeGreaterThan(0);
    });

    it('manages the split one over WAN alone, and scans over LAN alone', async () => {
      expect((await wan.matching('host 10.22.0.7 and host 10.22.0.1 and tcp port 8443')).length).toBeGreaterThan(10);
      expect((await lan.matching('src host 10.11.0.7 and dst net 10.33.0.0/16')).length).toBeGreaterThan(1000);
      // Nothing of scanning, and nothing else, is on WAN; squid's own echo requests come from the proxy.
      const management = '(host 10.22.0.1 and tcp port 8443) or (icmp and host 10.22.0.5)';
      expect(await wan.matching(`ip and not (${management})`)).toEqual([]);
      // Nothing of management is on LAN.
      expect(await lan.matching('net 10.22.0.0/24 or tcp port 8443 or tcp port 3128')).toEqual([]);
    });

    it('manages the other one through squid with NTLM alone, and scans past it', async () => {
      const log = await ground.squid.log('access.log');
      expect(log).toMatch(/TCP_TUNNEL\/200 [0-9]+ CONNECT 10\.22\.0\.1:8443 PXBOX/);
      expect(log.split('\n').filter((line) => line !== '' && !line.includes('CONNECT 10.22.0.1:8443'))).toEqual([]);
      expect((await inner.matching('src host 10.44.0.10 and dst net 10.33.0.0/16')).length).toBeGreaterThan(1000);
      const allowed = 'dst net 10.33.0.0/16 or (dst host 10.44.0.1 and tcp dst port 3128)';
      expect(await inner.matching(`ip and src host 10.44.0.10 and not (${allowed})`)).toEqual([]);
      expect(await inner.matching('ip and net 10.22.0.0/24')).toEqual([]);
    });
  },
);
