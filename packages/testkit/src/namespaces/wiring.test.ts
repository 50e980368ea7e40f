import { expect, test } from 'vitest';
import { plugCommands } from './wiring.ts';

const plug = { namespace: 'host', device: 'eth0', bridgeNamespace: 'switch', bridge: 'bridge', port: 'port1' };

test('a veth pair is born with each end in its namespace, and its IPv6 address serves at once', () => {
  expect(plugCommands({ ...plug, addresses: ['10.0.0.1/24', 'fd00::1/64'] }).map((words) => words.join(' '))).toEqual([
    '-n switch link add port1 type veth peer name eth0 netns host',
    '-n switch link set port1 master bridge up',
    '-n host link set eth0 up',
    '-n host addr add 10.0.0.1/24 dev eth0',
    '-n host addr add fd00::1/64 dev eth0 nodad',
  ]);
});

test('an interface name that the kernel would cut is refused', () => {
  expect(() => plugCommands({ ...plug, port: 'a-name-of-16-chr', addresses: [] })).toThrow(/15 characters/);
});
