import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeScan } from './events.ts';
import { appliancePaths } from '@picket/contracts/protocol';
import { newReleaseKey, sha256Of, testBundle } from '@picket/contracts/release/testing/test-bundle';
import { sendBundle } from '../releases/testing/send-bundle.ts';
import { withPlatform } from './platform-under-test.ts';
import type { ScriptedAppliance } from './scripted-appliance.ts';

/**
 * Records one exchange of each kind between a platform and an appliance of this version. Run it for a new protocol level, and for what was added to one;
 * what was recorded is never recorded again, because it is the proof that old appliances work.
 */
const folder = join(import.meta.dirname, '../../../../contracts/recorded/level-1');

const pending: { name: string; text: string; from: ScriptedAppliance }[] = [];

await mkdir(folder, { recursive: true });
await withPlatform('embedded', async (under) => {
  const network = await under.network('192.0.2.0/24');
  const box = under.device();
  box.platformKey = under.platform.context.keys.platform.publicKey;
  const waiting = await record(box, 'hello-waiting', () => box.hello());
  if (waiting.state !== 'waiting') throw new Error('a new device waits');
  await under.api('POST', '/api/v1/appliances/activate', { code: waiting.activationCode, networkIds: [network] });
  await record(box, 'hello-activated', () => box.hello());
  const { personalizationCode } = (await under.api('POST', '/api/v1/appliances/provision', { name: 'virtual-1' })).json;
  const second = under.device();
  await record(second, 'personalize', () => second.personalize(personalizationCode));
  const third = under.device();
  third.platformKey = under.platform.context.keys.platform.publicKey;
  await record(third, 'personalize-refused', () => third.personalize('00000000000000'));
  await record(box, 'poll-idle', () => box.poll());
  await under.api('POST', '/api/v1/scans', { kind: 'scan', networkId: network, targets: '192.0.2.7', ports: '80' });
  const granted = await record(box, 'poll-granted', () => box.poll());
  const [signed] = granted.granted;
  if (!signed) throw new Error('no lease was granted');
  const lease = box.openLease(signed);
  await record(box, 'poll-renewed', () =>
    box.poll({ leases: [{ leaseId: lease.leaseId, state: 'running' }], capacity: 0 }),
  );
  await record(box, 'poll-replayed', () => box.rawPoll({}, { sequence: 1 }));
  const events = box.spool(lease, wholeScan(lease, '192.0.2.7', '2026-11-21T05:00:00.000Z', 'found'));
  await record(box, 'events', () => box.upload(events));
  const [settings, report] = [
    { name: 'is_local-admin', pollIntervalSeconds: 180 },
    { generation: 0, state: 'applied' },
  ] as const;
  const error = { id: '2f1c7a52-6f6e-4c39-9b1a-3c1d5e7f9a01', code: '13', description: 'LAN no CARRIER', eCode: 'E10' };
  const [raisedAt, clearedAt] = ['2026-11-29T05:00:00.000Z', '2026-11-29T05:04:00.000Z'];
  await record(box, 'poll-network-errors', () =>
    box.poll({ settings, scanNetwork: report, networkErrors: [{ ...error, raisedAt, clearedAt }], capacity: 0 }),
  );
  const { code: _, ...lost } = { ...error, description: 'PK con timeout', eCode: 'E06' };
  await record(box, 'poll-communication-failures', () =>
    box.poll({ communicationFailures: [{ ...lost, raisedAt, clearedAt }], capacity: 0 }),
  );
  const trimmed = wholeScan(lease, '192.0.2.7', '2026-11-21T05:10:00.000Z', 'found').flatMap((event) =>
    event.type === 'finding' ? [{ ...event, evidence: { matcher: 'status', trimmed: true as const } }] : [],
  );
  await record(box, 'events-trimmed', () => box.upload(box.spool(lease, trimmed)));
  const bundle = testBundle({ 'a/b': 'check' }, newReleaseKey(), { version: '20261129.1' });
  await sendBundle(join(under.platform.context.config.dataDirectory, 'admin.sock'), bundle);
  const idle = (inUse: string) => ({ inUse, state: 'idle' as const });
  const updates = { refuses: null, content: idle('20260101.1'), software: idle('0.1.0') };
  await record(box, 'poll-updates', () => box.poll({ updates, capacity: 0 }));
  const part = (sha256: string) => box.bytes(appliancePaths.bundle, { sha256, offset: 0, length: 262_144 });
  await record(box, 'bundle-part', () => part(sha256Of(bundle)));
  await record(box, 'bundle-gone', () => part('0'.repeat(64)));
  await under.api('POST', `/api/v1/appliances/${box.applianceId}/doctor`);
  const asked = await record(box, 'poll-examine', () => box.poll({ updates, capacity: 0 }));
  const id = asked.settings.examine?.id;
  if (id === undefined) throw new Error('no examination is asked for');
  const doctor = {
    steps: [
      { part: 'link' as const, outcome: 'ok' as const, detail: 'lan0 is up' },
      { part: 'clock' as const, outcome: 'warning' as const, detail: '90 s behind' },
    ],
    error: null,
    endedAt: clearedAt,
  };
  await record(box, 'poll-doctor', () => box.poll({ doctor: { id, report: doctor }, capacity: 0 }));
  await record(box, 'events-gap', () => box.upload(events.slice(0, 1).map((event) => ({ ...event, seq: 99 }))));
});
process.exit();

async function record<T>(box: ScriptedAppliance, name: string, act: () => Promise<T>): Promise<T> {
  box.onExchange = (exchange) => {
    const text = JSON.stringify({ level: 1, name, deviceKey: box.publicKey, platformKey: '', ...exchange }, null, 2);
    pending.push({ name, text, from: box });
  };
  const result = await act();
  box.onExchange = () => {};
  for (const one of pending.splice(0)) {
    const whole = { ...JSON.parse(one.text), platformKey: one.from.platformKey };
    const file = join(folder, `${one.name}.json`);
    await writeFile(file, `${JSON.stringify(whole, null, 2)}\n`, { flag: 'wx' }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
  return result;
}
