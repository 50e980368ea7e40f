import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';

const support = canUseNamespaces();
const program = fileURLToPath(new URL('../../testing/table-program.ts', import.meta.url));

describe.skipIf(!support.ok)(`the network table${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('tells links, networks, gateways, sources and neighbours as the kernel has them, to any user', async () => {
    await using lab = new NetworkLab('netlink-table');
    await lab.addBridge('net');
    await lab.addNamespace('near');
    await lab.addNamespace('far');
    await lab.connect('near', 'net', 'eth0', ['10.63.0.1/24', 'fd63::1/64']);
    await lab.connect('near', 'net', 'eth1', ['10.64.0.1/24']);
    await lab.connect('far', 'net', 'eth0', ['10.63.0.2/24', 'fd63::2/64']);
    const add = async (...route: string[]) =>
      expect((await lab.run('near', ['ip', 'route', 'add', ...route])).code).toBe(0);
    await add('10.65.0.0/16', 'via', '10.63.0.2', 'src', '10.63.0.1');
    await add('unreachable', '10.66.0.0/16');
    const mac = '02:63:00:00:00:02';
    await lab.run('near', ['ip', 'neighbour', 'add', '10.63.0.2', 'lladdr', mac, 'dev', 'eth0']);
    const asked = [
      '10.63.0.2',
      '10.63.0.3',
      '10.65.1.1',
      '10.66.0.1',
      '198.51.100.1',
      '10.64.0.9',
      '10.63.0.1',
      'fd63::2',
      'fd77::1',
    ];
    const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--bounding-set', '-all'];
    const run = await lab.run('near', [...user, process.execPath, program, ...asked]);
    expect(run.stderr).toBe('');
    const table = JSON.parse(run.stdout);
    const eth0 = { device: 'eth0', source: '10.63.0.1', gateway: null, local: false, mac: null };
    expect(table.ways).toEqual([
      { address: '10.63.0.2', way: { ...eth0, mac } },
      { address: '10.63.0.3', way: eth0 },
      { address: '10.65.1.1', way: { ...eth0, gateway: '10.63.0.2', mac } },
      { address: '10.66.0.1', way: null },
      { address: '198.51.100.1', way: null },
      { address: '10.64.0.9', way: { ...eth0, device: 'eth1', source: '10.64.0.1' } },
      { address: '10.63.0.1', way: { device: 'lo', source: '10.63.0.1', gateway: null, local: true, mac: null } },
      { address: 'fd63::2', way: { ...eth0, source: 'fd63::1' } },
      { address: 'fd77::1', way: null },
    ]);
    const link = (name: string) => table.links.find((each: { name: string }) => each.name === name);
    expect(link('lo')).toMatchObject({ loopback: true, framing: 'ip', mac: null });
    expect(link('eth0')).toMatchObject({ up: true, loopback: false, framing: 'ethernet', mtu: 1500, vlan: null });
    expect(link('eth0').addresses).toContainEqual({ address: '10.63.0.1', prefix: 24 });
    expect(table.routes).toEqual([
      { prefix: '10.63.0.0/24', gateway: null, linkIndex: link('eth0').index },
      { prefix: '10.64.0.0/24', gateway: null, linkIndex: link('eth1').index },
      { prefix: '10.65.0.0/16', gateway: '10.63.0.2', linkIndex: link('eth0').index },
      { prefix: 'fd63::/64', gateway: null, linkIndex: link('eth0').index },
    ]);
  });
});
