import { describe, expect, test } from 'vitest';
import { canUseNamespaces } from './can-use-namespaces.ts';
import { listNamespaces } from './namespace.ts';
import { NetworkLab } from './network-lab.ts';

const support = canUseNamespaces();

describe.skipIf(!support.ok)(`a network lab${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('joins namespaces by a bridge, and a process in one reaches a process in the other', async () => {
    await using lab = await pair();
    const server = lab.start('b', ['socat', '-d', '-d', 'TCP6-LISTEN:7000,ipv6only=0', 'EXEC:echo hello']);
    await server.waitFor(/listening on/);
    const answer = await lab.run('a', ['socat', '-', 'TCP:10.50.0.2:7000']);
    expect(answer.stdout).toBe('hello\n');
    expect(await server.exited).toBe(0);
  });

  test('has no way out', async () => {
    await using lab = await pair();
    const route = await lab.run('a', ['ip', 'route', 'get', '198.51.100.1']);
    expect(route.code).not.toBe(0);
  });

  test('a cut wire carries nothing until it is mended', async () => {
    await using lab = await pair();
    const connect = () => lab.run('a', ['socat', '-T', '1', '/dev/null', 'TCP6:[fd50::2]:9,connect-timeout=1']);
    expect((await connect()).stderr).toMatch(/refused/);
    await lab.setLink('b', 'eth0', 'down');
    expect((await connect()).stderr).not.toMatch(/refused/);
    await lab.setLink('b', 'eth0', 'up');
    await expect.poll(async () => (await connect()).stderr, { timeout: 10_000 }).toMatch(/refused/);
  });

  test('closing kills what runs inside and deletes every namespace, and twice is fine', async () => {
    const lab = await pair();
    const sleeper = lab.start('a', ['sleep', '600']);
    await lab.close();
    await lab.close();
    expect(await sleeper.exited).toBeNull();
    expect(await listNamespaces(lab.prefix)).toEqual([]);
  });

  test('a wait names what the process said when it ends before the awaited words', async () => {
    await using lab = await pair();
    const process = lab.start('a', ['echo', 'something else']);
    await expect(process.waitFor(/the awaited words/)).rejects.toThrow(/ended with 0.*something else/s);
  });

  test('a command that hangs is killed at its deadline', async () => {
    await using lab = await pair();
    expect((await lab.run('a', ['sleep', '600'], { timeoutMs: 100 })).code).toBeNull();
  });
});

async function pair(): Promise<NetworkLab> {
  const lab = new NetworkLab('testkit');
  await lab.addBridge('switch');
  for (const [index, name] of ['a', 'b'].entries()) {
    await lab.addNamespace(name);
    await lab.connect(name, 'switch', 'eth0', [`10.50.0.${index + 1}/24`, `fd50::${index + 1}/64`]);
  }
  return lab;
}
