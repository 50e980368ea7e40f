import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { emptyScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, test } from 'vitest';
import type { NetworkFacts } from './network-facts.ts';
import { NetworkBench } from './testing/network-bench.ts';

const support = canUseNamespaces();
const dying = fileURLToPath(new URL('./testing/dying-helper.ts', import.meta.url));

const lan = {
  method: 'static' as const,
  address: '10.11.0.7',
  prefixLength: 24,
  gateway: '10.11.0.1',
  dns: ['10.11.0.53'],
  wins: [],
  domain: null,
};
const wan = {
  method: 'static' as const,
  address: '10.22.0.7',
  prefixLength: 24,
  gateway: '10.22.0.1',
  dns: ['10.22.0.53'],
};

/** Whether a helper that came back has all of the old state or all of the new one in force; anything else fails. */
function outcomeOf(facts: NetworkFacts, at: number): 'old' | 'new' {
  const isOld = !facts.split && facts.wan === null;
  const isNew = facts.split && facts.wan?.addresses[0] === '10.22.0.7/24' && facts.wan.gateway === '10.22.0.1';
  expect({ at, isNew, isOld }).toEqual({ at, isNew: !isOld, isOld: !isNew });
  expect(facts).toMatchObject({ failures: [], lan: { addresses: ['10.11.0.7/24'], gateway: '10.11.0.1' } });
  return isNew ? 'new' : 'old';
}

describe.skipIf(!support.ok)(`a network change${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('is all there or not at all after kill -9 at each of its acts and a restart', async () => {
    await using bench = await NetworkBench.open('nckill');
    const armed = join(bench.folder, 'armed');
    const outcomes: string[] = [];
    for (let at = 1; ; at += 1) {
      // What one run left is what the next one finds.
      const helper = await bench.start(dying, [], { DIE_AT: String(at), DIE_WHEN: armed });
      if (at > 1) outcomes.push(outcomeOf(await bench.facts(), at));
      await bench.apply({ lan });
      expect(await bench.until(({ lan: port }) => port.addresses.length === 1)).toMatchObject({ split: false });
      await writeFile(armed, '');
      const answered = await bench.apply({ lan, wan }).catch(() => null);
      await rm(armed, { force: true });
      if (answered !== null) break;
      await helper.exited;
    }
    expect(outcomeOf(await bench.facts(), 0)).toBe('new');
    // Before the document is in place the old, from then on the new.
    expect(outcomes.join(' ')).toMatch(/^old (new ){8,}new$/);
  });

  test('of the platform is taken back when nobody confirms it, stays when somebody does, and outlives a restart with its deadline', async () => {
    await using bench = await NetworkBench.open('ncback');
    await bench.start();
    await bench.apply({ lan });
    await bench.until(({ lan: port }) => port.addresses.length === 1);
    const cutOff = {
      ...emptyScanNetwork,
      generation: 1,
      routes: [{ destination: '0.0.0.0/0', gateway: '10.11.0.250', vlan: null }],
    };
    const offered = await bench.ask({ type: 'scan-network', confirmWithinSeconds: 4, document: cutOff });
    expect(offered).toMatchObject({ type: 'applied' });
    expect(await bench.ip('box', 'route')).toContain('default via 10.11.0.250');
    await bench.stop('SIGKILL');
    await bench.start();
    const back = await bench.until(({ scanNetwork }) => scanNetwork.refusedGeneration === 1);
    expect(back.scanNetwork).toMatchObject({ generation: 0, unconfirmed: false });
    expect(await bench.ip('box', 'route')).toContain('default via 10.11.0.1 ');
    expect(await bench.ask({ type: 'scan-network', confirmWithinSeconds: 4, document: cutOff })).toMatchObject({
      type: 'refused',
    });

    const good = {
      ...cutOff,
      generation: 2,
      routes: [{ destination: '10.20.0.0/16', gateway: '10.11.0.9', vlan: null }],
    };
    await bench.ask({ type: 'scan-network', confirmWithinSeconds: 3, document: good });
    await bench.ask({ type: 'confirm', generation: 2 });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(await bench.ip('box', 'route')).toContain('10.20.0.0/16 via 10.11.0.9');
    // The console's reset leaves what the platform set.
    await bench.ask({ type: 'reset' });
    expect((await bench.facts()).scanNetwork).toMatchObject({ generation: 2, unconfirmed: false });
  });

  test('with VLANs on a kernel without them says so and applies the rest; 4094 routes are applied and compared', async () => {
    await using bench = await NetworkBench.open('ncmany');
    await bench.start();
    await bench.apply({ lan });
    await bench.until(({ lan: port }) => port.addresses.length === 1);
    const probe = await bench.lab.run('box', [
      'ip',
      'link',
      'add',
      'link',
      'lan0',
      'name',
      'probe',
      'type',
      'vlan',
      'id',
      '5',
    ]);
    await bench.lab.run('box', ['ip', 'link', 'del', 'probe']);
    const routes = Array.from({ length: 4094 }, (_, at) => ({
      destination: `172.${16 + (at >> 8)}.${at & 255}.0/24`,
      gateway: '10.11.0.9',
      vlan: null,
    }));
    const vlans = [
      { id: 5, name: 'printers', ipv4: { method: 'static', address: '10.5.0.2', prefixLength: 24 }, ipv6: null },
    ];
    await bench.ask({
      type: 'scan-network',
      confirmWithinSeconds: 600,
      document: { generation: 1, vlans, routes, ipv6: null },
    });
    const facts = await bench.facts();
    const lines = (await bench.ip('box', '-4', 'route', 'show', 'proto', '201')).trim().split('\n');
    expect(lines).toHaveLength(4095);
    if (probe.code === 0) expect(facts.failures).toEqual([]);
    else
      expect(facts.failures.join('\n')).toMatch(
        /add VLAN 5 on lan0: this kernel has no VLAN interfaces; load or build its module 8021q/,
      );
    expect(facts.lan).toMatchObject({ addresses: ['10.11.0.7/24'], gateway: '10.11.0.1' });
  });
});
