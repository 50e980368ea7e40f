import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { listNamespaces } from '@picket/testkit/namespaces/namespace';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { installPackages } from './install.ts';
import { hostExec, labDown, labUp, nsExec, nsStart, openLab, setWire } from './lab-control.ts';
import { machineSnapshot } from './machine-snapshot.ts';
import { labStatus } from './status.ts';
import { verifyLab } from './verify/verify.ts';
import { labNames } from './work-folder.ts';

const support = canUseNamespaces();
const program = fileURLToPath(new URL('lab.ts', import.meta.url));
const first = `t${process.pid}a`;
const second = `t${process.pid}b`;

describe.skipIf(!support.ok)(`the lab${support.ok ? '' : ` (${support.reason})`}`, () => {
  beforeAll(async () => {
    await installPackages();
  }, 900_000);

  afterEach(async () => {
    await labDown(first);
    await labDown(second);
  });

  test('comes up, its truth is proved whole, and nothing of it is left afterwards', async () => {
    const before = await machineSnapshot();
    const lab = await labUp({ name: first });
    expect(lab.truth.hosts.length).toBeGreaterThanOrEqual(12);
    const report = await verifyLab(lab);
    expect(report.failures).toEqual([]);
    expect(report.proved).toBeGreaterThan(500);
    await labDown(first);
    expect(await machineSnapshot()).toEqual(before);
  });

  test('verify notices a weakness that is gone, a port too many and a service that died', async () => {
    const lab = await labUp({ name: first, hosts: ['cache-weak'] });
    await hostExec(lab, 'cache-weak', ['redis-cli', 'CONFIG', 'SET', 'requirepass', 'changed']);
    const extra = nsStart(lab, 'cache-weak', ['socat', 'TCP-LISTEN:7777,fork', 'EXEC:cat']);
    await expect.poll(() => hostExec(lab, 'cache-weak', ['ss', '-ltnH'])).toMatchObject({ stdout: /:7777/ });
    const failed = (await verifyLab(lab)).failures.map((failure) => failure.what);
    expect(failed).toEqual([
      'ports',
      'redis-unauthenticated on tcp/6379 is weak',
      'redis on tcp/6379 tells its version',
    ]);
    await extra.stop('SIGKILL');
    await hostExec(lab, 'cache-weak', ['redis-cli', '-a', 'changed', 'SHUTDOWN', 'NOSAVE']);
    expect((await verifyLab(lab)).failures.map((failure) => failure.what)).toContain('[fd99::15]:6379 is open');
  });

  test('two labs with different names stand side by side and do not see each other', async () => {
    const one = await labUp({ name: first, hosts: ['cache-weak'] });
    const two = await labUp({ name: second, hosts: ['cache-weak'] });
    const set = await nsExec(one, 'scanner', ['redis-cli', '-h', '10.99.0.15', 'SET', 'where', 'first']);
    const get = await nsExec(two, 'scanner', ['redis-cli', '-h', '10.99.0.15', 'GET', 'where']);
    expect([set.stdout.trim(), get.stdout.trim()]).toEqual(['OK', '']);
    await labDown(first);
    expect((await nsExec(two, 'scanner', ['redis-cli', '-h', '10.99.0.15', 'PING'])).stdout.trim()).toBe('PONG');
  });

  test('a cut wire between platform and scanner carries nothing until it is mended, and addresses stay', async () => {
    const lab = await labUp({ name: first, hosts: ['all-closed'] });
    const ping = async (address: string) =>
      (await nsExec(lab, 'scanner', ['ping', '-c', '1', '-W', '1', address])).code;
    expect([await ping('10.98.0.1'), await ping('fd98::1')]).toEqual([0, 0]);
    await setWire(lab, 'platform', 'mgmt', 'down');
    expect([await ping('10.98.0.1'), await ping('fd98::1')]).toEqual([1, 1]);
    await setWire(lab, 'platform', 'mgmt', 'up');
    await expect.poll(() => ping('10.98.0.1'), { timeout: 20_000 }).toBe(0);
    await expect.poll(() => ping('fd98::1'), { timeout: 20_000 }).toBe(0);
  });

  test('a second up under the same name is refused and leaves the first one alone', async () => {
    await labUp({ name: first, hosts: ['all-closed'] });
    await expect(labUp({ name: first, hosts: ['all-closed'] })).rejects.toThrow(/is there already: take it down first/);
    expect((await openLab(first)).truth.hosts.map((host) => host.name)).toEqual(['all-closed']);
  });

  test('down cleans up after an up that was killed half-way, and twice is fine', async () => {
    const before = await machineSnapshot();
    const child = spawn(process.execPath, [program, 'up', '--name', first], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await expect.poll(() => listNamespaces(labNames(first).prefix), { interval: 5, timeout: 20_000 }).not.toEqual([]);
    child.kill('SIGKILL');
    await ended;
    expect((await labStatus(first)).phase).toBe('broken');
    await labDown(first);
    await labDown(first);
    expect((await labStatus(first)).phase).toBe('down');
    expect(await machineSnapshot()).toEqual(before);
  });

  test('what a host writes to /etc, /var, /run and /tmp stays with the host', async () => {
    const lab = await labUp({ name: first, hosts: ['all-closed'] });
    const paths = ['/etc/lab-mark', '/var/lab-mark', '/run/lab-mark', '/tmp/lab-mark'];
    expect((await hostExec(lab, 'all-closed', ['touch', ...paths])).code).toBe(0);
    expect((await hostExec(lab, 'all-closed', ['ls', ...paths])).code).toBe(0);
    expect((await nsExec(lab, 'scanner', ['ls', ...paths])).stdout).toBe('');
  });
});
