import { canRun } from '../src/storage/testing.ts';
import { sliceEnd } from '../src/features/testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../src/features/testing/platform-under-test.ts';

/** From the launch of a job to its granted lease over a held HTTPS poll, and from a pause to the appliance that hears it. */
const rounds = Number(process.env.PICKET_BENCH_ROUNDS ?? 50);
/** The promise of the product, milliseconds. */
const target = 2000;

for (const kind of ['server', 'embedded'] as const) {
  if (!canRun(kind)) process.stdout.write(`${kind}: can't run here\n`);
  else await withPlatform(kind, (under) => measure(kind, under));
}
process.exit();

async function measure(kind: string, under: PlatformUnderTest): Promise<void> {
  const network = await under.network('10.0.0.0/24');
  const box = await under.appliance(network);
  const launches: number[] = [];
  const pauses: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const waiting = box.poll({ waitSeconds: 25 });
    await held(under, box.applianceId);
    const launched = performance.now();
    const scan = (await under.api('POST', '/api/v1/scans', { kind: 'map', networkId: network, targets: '10.0.0.7' }))
      .json;
    const [signed] = (await waiting).granted;
    launches.push(performance.now() - launched);
    if (!signed) throw new Error('no lease was granted');
    const lease = box.openLease(signed);
    const working = box.poll({ waitSeconds: 25, capacity: 0, leases: [{ leaseId: lease.leaseId, state: 'running' }] });
    await held(under, box.applianceId);
    const paused = performance.now();
    await under.api('POST', `/api/v1/scans/${scan.id}/pause`);
    await working;
    pauses.push(performance.now() - paused);
    await under.api('POST', `/api/v1/scans/${scan.id}/cancel`);
    await box.upload(box.spool(lease, [sliceEnd(new Date().toISOString(), 'stopped')]));
  }
  report(`${kind}: launch to lease`, launches);
  report(`${kind}: pause to appliance`, pauses);
}

/** Waits until the platform has taken the poll in. */
async function held(under: PlatformUnderTest, applianceId: number): Promise<void> {
  const contact = async () => (await under.api('GET', `/api/v1/appliances/${applianceId}`)).json.lastContact;
  const before = Date.now() - 5;
  while (Date.parse((await contact()) ?? '1970-01-01') < before);
}

function report(title: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  process.stdout.write(
    `${title}: p50 ${at(0.5).toFixed(0)} ms, p95 ${at(0.95).toFixed(0)} ms, worst ${at(1).toFixed(0)} ms of ${times.length} (target p95 ${target} ms)\n`,
  );
  if (at(0.95) >= target) process.exitCode = 1;
}
