import { profiles } from '@picket/plan/profile';
import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import type { NameQuestion } from '../names/name-question.ts';
import { FakeNetwork } from '../testing/fake-network.ts';
import { collectFake, depsOf, jobOf, ofType, unitEnds } from '../testing/run-on.ts';
import type { IdentifyService, NameStage, ServiceFacts } from './stages.ts';

const service: ServiceFacts = { service: 'netbios-ns', cpes: [], confidence: 1, method: 'probe' };

/** Every host has a NetBIOS name; it says its MAC and another address of its own. */
const netbios: NameQuestion = {
  name: 'netbios',
  help: 'For tests.',
  protocol: 'udp',
  port: 137,
  ask: async (address) => ({
    names: [{ name: `HOST-${address.split('.').at(-1)}`, source: 'netbios' }],
    mac: '00:1b:21:00:00:07',
    addresses: ['fd00::7'],
    service,
  }),
};
const broken: NameQuestion = { ...netbios, name: 'broken', ask: () => Promise.reject(new Error('kaput')) };
const endless: NameQuestion = { ...netbios, name: 'endless', ask: () => new Promise(() => {}) };

const stage = (questions: readonly NameQuestion[], more: Partial<NameStage> = {}): NameStage => ({
  questions,
  winsServers: [],
  vendorOf: (mac) => (mac.startsWith('00:1b:21') ? 'Intel Corporate' : null),
  ...more,
});

function setUp(names: NameStage) {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, { '10.0.0.1': { tcp: { 22: 'open' } }, '10.0.0.2': {} });
  return { clock, network, deps: { ...depsOf(clock, network), names } };
}

test('what a host says of itself comes as another host event, with the maker of its interface; a map tells the service too', async () => {
  const { clock, deps } = setUp(stage([netbios]));
  const { events } = await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.1' }), deps);
  const [first, second] = ofType(events, 'host');
  expect(first?.names).toBeUndefined();
  expect(second).toEqual({
    ...first,
    time: second?.time,
    mac: '00:1b:21:00:00:07',
    macVendor: 'Intel Corporate',
    names: [{ name: 'HOST-1', source: 'netbios' }],
  });
  expect(ofType(events, 'port')).toMatchObject([{ protocol: 'udp', port: 137, state: 'open', reason: 'udp-answer' }]);
  expect(ofType(events, 'service')).toMatchObject([{ port: 137, service: 'netbios-ns' }]);
  expect(unitEnds(events)).toEqual(['discovery/10.0.0.1 done']);
});

test('a scan of ports alone asks nobody for names; one with services does, and tells no ports that it did not scan', async () => {
  const identify: IdentifyService = async () => ({ ...service, service: 'ssh', hostname: 'box.example' });
  const plain = setUp(stage([netbios]));
  const ports = await collectFake(plain.clock, jobOf({ targets: '10.0.0.1' }), plain.deps);
  expect(ofType(ports.events, 'host')).toHaveLength(1);
  const { clock, deps } = setUp(stage([netbios]));
  const job = jobOf({ targets: '10.0.0.1', services: true });
  const { events } = await collectFake(clock, job, { ...deps, identify });
  expect(ofType(events, 'port').map(({ port }) => port)).toEqual([22]);
  expect(ofType(events, 'host').at(-1)?.names).toEqual(
    expect.arrayContaining([
      { name: 'HOST-1', source: 'netbios' },
      { name: 'box.example', source: 'banner' },
    ]),
  );
});

test('a name that a host claims is told and never used to speak to it', async () => {
  const spokenAs: string[][] = [];
  const identify: IdentifyService = async ({ names }) => {
    spokenAs.push([...names]);
    return service;
  };
  const { clock, deps } = setUp(stage([netbios]));
  const resolver = { reverse: async () => ['ptr.example'] };
  const job = jobOf({ targets: '10.0.0.1', services: true });
  await collectFake(clock, job, { ...deps, identify, resolver });
  expect(spokenAs).toEqual([['ptr.example']]);
});

test('a question that throws or never ends costs itself only', async () => {
  const { clock, deps } = setUp(stage([broken, endless, netbios]));
  const { events, outcome } = await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.1' }), deps);
  expect(ofType(events, 'host').at(-1)?.names).toEqual([{ name: 'HOST-1', source: 'netbios' }]);
  expect(outcome).toEqual({ outcome: 'complete' });
});

test('names do not hold the search back: all hosts are told before the first slow name', async () => {
  const { clock, deps } = setUp(stage([endless]));
  const job = jobOf({ kind: 'map', targets: '10.0.0.0/30', profile: profiles.gentle });
  const { events } = await collectFake(clock, job, deps);
  const [first, second] = ofType(events, 'host').map(({ time }) => Date.parse(time));
  expect((second ?? 0) - (first ?? 0)).toBeLessThan(10_000);
});

test('a WINS server outside the targets is not asked, which is said once', async () => {
  const { clock, network, deps } = setUp(stage([netbios], { winsServers: ['10.9.9.9'] }));
  const { events } = await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.1,10.0.0.2' }), deps);
  expect(ofType(events, 'note').map(({ code }) => code)).toEqual(['engine.wins-out-of-scope']);
  expect(network.dials.some(({ address }) => address === '10.9.9.9')).toBe(false);
});

test('a WINS server among the targets is asked for the names that were found', async () => {
  const { clock, network, deps } = setUp(stage([netbios], { winsServers: ['10.0.0.2'] }));
  await collectFake(clock, jobOf({ kind: 'map', targets: '10.0.0.1,10.0.0.2' }), deps);
  expect(network.dialed).toContain('udp 10.0.0.2:137');
});

test('of an IPv6 link that is too large to sweep, those addresses are asked to which hosts and names lead', async () => {
  const { clock, deps } = setUp(stage([netbios]));
  const network = new FakeNetwork(clock, { '10.0.0.1': {}, 'fd00::7': {}, 'fd00::8': {} });
  const resolver = {
    reverse: async (address: string) => (address === '10.0.0.1' ? ['both.example'] : []),
    addresses: async () => ['10.0.0.1', 'fd00::8', 'fd01::8'],
  };
  const job = jobOf({ kind: 'map', targets: '10.0.0.1,fd00::/64' });
  const { events, outcome } = await collectFake(clock, job, { ...deps, sockets: network, resolver });
  const up = new Set(ofType(events, 'host').map(({ address }) => address));
  expect(up).toEqual(new Set(['10.0.0.1', 'fd00::7', 'fd00::8']));
  expect(new Set(network.dials.map(({ address }) => address))).toEqual(up);
  expect(outcome).toEqual({ outcome: 'complete' });
});
