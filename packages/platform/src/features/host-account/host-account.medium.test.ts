import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { hostUp, portsDone } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';

const time = '2026-11-21T05:00:00.000Z';

/** A scan of 10.0.0.0/24 without two addresses, of which an appliance has found one host. */
async function scanned({ api, appliance, network }: PlatformUnderTest) {
  const networkId = await network('10.0.0.0/16');
  const changed = { name: 'Test', ranges: '10.0.0.0/16', exclusions: '10.0.0.9' };
  expect((await api('PUT', `/api/v1/networks/${networkId}`, changed)).status).toBe(200);
  const body = {
    kind: 'scan',
    networkId,
    targets: '# office\n10.0.0.0/24',
    exclude: '10.0.0.8',
    ports: '80,443',
    checks: false,
  };
  const { id } = (await api('POST', '/api/v1/scans', body)).json;
  const box = await appliance(networkId, 'box');
  const [signed] = (await box.poll()).granted;
  if (!signed) throw new Error('nothing was leased');
  const lease = box.openLease(signed);
  const account = async (address: string) => (await api('GET', `/api/v1/scans/${id}/hosts/${address}/account`)).json;
  return { id, box, lease, account };
}

describe.each(databaseKinds)('why a host is missing on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('says of every address what the ledger holds', () =>
    withPlatform(kind, async (under) => {
      const { box, lease, account, id } = await scanned(under);
      expect(await account('10.0.0.7')).toMatchObject({
        outcome: 'running',
        lines: [{ source: 'targets', effect: 'includes', text: '10.0.0.0/24', line: 2 }],
        slice: { number: 1, attempt: 1, state: 'leased', leases: [{ attempt: 1, appliance: 'box' }] },
        phases: [{ state: 'not-begun' }, { state: 'not-begun' }, { state: 'not-begun' }, { state: 'not-planned' }],
      });
      const block = lease.blocks.find((one) => one.startsWith('10.0.0.0-')) ?? '';
      const tail = lease.blocks.filter((one) => one !== block);
      const found = hostUp({ ...lease, blocks: [block] }, '10.0.0.7', time);
      await box.upload(box.spool(lease, [...found, ...portsDone('10.0.0.7', time, 80, 'open')]));
      expect(await account('10.0.0.7')).toMatchObject({
        outcome: 'found',
        because: 'It is there: it answered with syn-ack.',
        ports: [
          {
            protocol: 'tcp',
            planned: '80,443',
            open: '80',
            closed: '',
            noAnswer: '',
            notTested: '443',
            coverageKnown: true,
          },
        ],
        phases: [
          { phase: 'ports', state: 'done' },
          { phase: 'services', state: 'pending' },
          {},
          { state: 'not-planned' },
        ],
      });
      expect(await account('10.0.0.6')).toMatchObject({
        outcome: 'silent',
        discovery: { block, state: 'done', answer: null },
      });
      expect(await account('10.0.0.200')).toMatchObject({ outcome: 'running', discovery: { block: tail.at(-1) } });
      expect(await account('10.0.0.8')).toMatchObject({
        outcome: 'excluded',
        lines: [{}, { source: 'exclude', text: '10.0.0.8' }],
      });
      expect(await account('10.0.0.9')).toMatchObject({
        outcome: 'excluded',
        lines: [{}, { source: 'network-exclusion' }],
      });
      expect(await account('10.0.7.1')).toMatchObject({
        outcome: 'not-asked-for',
        inPlan: false,
        slice: null,
        lines: [],
      });
      expect((await account('10.1.0.1')).because).toContain('does not have the address registered');
      const excluded = { targets: '10.0.0.220', reason: 'A laser that must not be disturbed' };
      expect((await under.api('POST', '/api/v1/exclusions', excluded)).status).toBe(201);
      expect(await account('10.0.0.220')).toMatchObject({
        outcome: 'excluded',
        because: expect.stringContaining('after the launch'),
        lines: [{ source: 'targets' }, { source: 'subscription-exclusion', text: '10.0.0.220' }],
        slice: null,
      });
      await under.api('POST', `/api/v1/scans/${id}/cancel`);

      expect(await account('10.0.0.200')).toMatchObject({ outcome: 'not-tested', scan: { status: 'canceled' } });
      expect(await account('10.0.0.6')).toMatchObject({ outcome: 'silent' });
      expect(await account('10.0.0.7')).toMatchObject({
        outcome: 'found',
        phases: [{ state: 'done' }, { state: 'cancelled' }, {}, {}],
      });
    }),
  );

  it.skipIf(!canRun(kind))(
    'tells what went out for a host that never answered, over all runs, and claims nothing else',
    () =>
      withPlatform(kind, async (under) => {
        const { box, lease, account } = await scanned(under);
        const block = lease.blocks.find((one) => one.startsWith('10.0.0.0-')) ?? '';
        const other = lease.blocks.find((one) => one !== block) ?? '';
        const unit = { phase: 'discovery', subject: block } as const;
        const event = { type: 'unit', unit, time } as const;
        const discoveryOf = async (address: string) => (await account(address)).discovery;
        expect(await discoveryOf('10.0.0.6')).toMatchObject({
          state: 'leased',
          sent: null,
          probes: ['No appliance has told anything of the block.'],
        });
        await box.upload(box.spool(lease, [{ ...event, state: 'running' }]));
        expect(await discoveryOf('10.0.0.6')).toMatchObject({
          sent: null,
          probes: [expect.stringContaining('under way')],
        });
        const stopped = {
          sent: [{ kind: 'arp', sent: 3 }],
          unsent: [{ reason: 'window-closed', addresses: 5 }],
        };
        await box.upload(
          box.spool(lease, [{ ...event, state: 'cancelled', reason: 'window-closed', probes: stopped }]),
        );
        expect(await discoveryOf('10.0.0.6')).toMatchObject({
          state: 'cancelled',
          sent: { begun: 1, told: 1, ...stopped },
          probes: [
            'Sent for the whole block:',
            'ARP requests: 3.',
            '5 addresses not asked to the end: the window ended.',
          ],
        });
        const through = {
          sent: [
            { kind: 'arp', sent: 16 },
            { kind: 'tcp-syn', sent: 8, ports: '22,80' },
          ],
          unsent: [],
        };
        await box.upload(
          box.spool(lease, [
            { ...event, state: 'running' },
            { ...event, state: 'done', counts: { addresses: 8, up: 0 }, probes: through },
          ]),
        );
        // What a lease says too late changes no state, and yet it was sent.
        const late = { sent: [{ kind: 'arp', sent: 1 }], unsent: [] };
        await box.upload(box.spool(lease, [{ ...event, state: 'cancelled', reason: 'cancelled', probes: late }]));
        expect(await account('10.0.0.6')).toMatchObject({
          outcome: 'silent',
          discovery: {
            state: 'done',
            sent: {
              begun: 2,
              told: 3,
              sent: [
                { kind: 'arp', sent: 20 },
                { kind: 'tcp-syn', sent: 8, ports: '22,80' },
              ],
            },
            probes: ['Sent for the whole block in 3 runs:', 'ARP requests: 20.', 'TCP SYN to ports 22, 80: 8.'],
          },
        });
        const older = { type: 'unit', unit: { phase: 'discovery', subject: other }, time } as const;
        await box.upload(
          box.spool(lease, [
            { ...older, state: 'running' },
            { ...older, state: 'done', counts: { addresses: 1, up: 0 } },
          ]),
        );
        expect(await discoveryOf(other.split('-')[0] ?? '')).toMatchObject({
          state: 'done',
          sent: null,
          probes: ['What was sent is not told by this version of the appliance.'],
        });
      }),
  );

  it.skipIf(!canRun(kind))('names the tag and the map that brought an address in', () =>
    withPlatform(kind, async (under) => {
      const { box, lease, id } = await scanned(under);
      await box.upload(box.spool(lease, hostUp(lease, '10.0.0.7', time)));
      const { networkId } = lease;
      const tag = { name: 'Printers', rule: { networkId, ranges: '10.0.0.0/28' } };
      const tagged = await under.api('POST', '/api/v1/tags', tag);
      expect([tagged.status, tagged.json.detail]).toEqual([201, undefined]);
      const linesOf = async (found: object) => {
        const body = { kind: 'scan', networkId, targets: '', ports: '80', ...found };
        const launched = await under.api('POST', '/api/v1/scans', body);
        expect([launched.status, launched.json.detail]).toEqual([201, undefined]);
        const answer = await under.api('GET', `/api/v1/scans/${launched.json.id}/hosts/10.0.0.7/account`);
        return answer.json.lines;
      };
      expect(await linesOf({ tagIds: [tagged.json.id] })).toMatchObject([
        { source: 'tag', effect: 'includes', text: 'Printers' },
      ]);
      expect(await linesOf({ fromMap: { id } })).toMatchObject([
        { source: 'map', effect: 'includes', text: String(id) },
      ]);
    }),
  );

  it.skipIf(!canRun(kind))('tells of an appliance that was lost, and takes no address that is none', () =>
    withPlatform(kind, async (under) => {
      const { account, id, box } = await scanned(under);
      expect((await under.api('GET', `/api/v1/scans/${id}/hosts/010.0.0.7/account`)).status).toBe(400);
      expect((await under.api('GET', '/api/v1/scans/999/hosts/10.0.0.7/account')).status).toBe(404);
      under.advance(3000);
      const again = box.openLease((await box.poll()).granted[0] ?? { payload: '', signature: '', keyId: '' });
      await box.poll({ leases: [{ leaseId: again.leaseId, state: 'running' }], capacity: 0 });
      await box.poll({ capacity: 0 });
      expect(await account('10.0.0.7')).toMatchObject({
        outcome: 'waiting',
        because: expect.stringContaining('stopped reporting'),
        slice: { attempt: 1, givenBack: 0, state: 'pending', leases: [{ attempt: 1, appliance: 'box' }] },
        ports: [{ notTested: '80,443', coverageKnown: false }],
      });
    }),
  );
});
