import { expect, it } from 'vitest';
import { spaceCommand } from './space-command.ts';

const layout = {
  namespaces: { scan: null, management: 'picket-management' },
  resolverFolder: '/run/picket/resolv',
  argv: ['node', 'a b'],
};
const words = (role: 'scan' | 'management', split: boolean) => spaceCommand({ ...layout, role, split });

it('puts management into its namespace under split network alone, each role with its own resolver file', () => {
  expect(words('management', true)).toEqual([
    'nsenter',
    '--net=/run/netns/picket-management',
    'unshare',
    '--mount',
    '--propagation',
    'slave',
    '--',
    'sh',
    '-c',
    'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"',
    'sh',
    '/run/picket/resolv/management.conf',
    'node',
    'a b',
  ]);
  expect(words('management', false)[1]).toBe('--net=/proc/1/ns/net');
  expect(words('scan', true)).toContain('/run/picket/resolv/scan.conf');
});
