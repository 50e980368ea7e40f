import { describe, expect, it } from 'vitest';
import type { NetworkLayout } from '../netconf/network-layout.ts';
import { workerCommand } from './worker-command.ts';

const root = { isRoot: true, capabilities: 0n };
const nobody = { isRoot: false, capabilities: 0n };
/** CAP_KILL, CAP_SETGID, CAP_SETUID and CAP_NET_RAW. */
const daemon = { isRoot: false, capabilities: (1n << 5n) | (1n << 6n) | (1n << 7n) | (1n << 13n) };
const layout: NetworkLayout = {
  split: false,
  namespaces: { scan: null, management: 'picket-management' },
  resolverFolder: '/run/picket/resolv',
  wins: [],
  scanUid: 991,
};
const start = (given: NetworkLayout | null, rights: typeof root) =>
  workerCommand(['node', 'worker'], given, rights).join(' ');

describe('the words that start a scan worker', () => {
  it('are its own where nobody manages the network', () => {
    expect(start(null, root)).toBe('node worker');
  });

  it('put it into the network and make it the user for scanning, with raw packets as its only right', () => {
    const asRoot = start(layout, root);
    expect(asRoot).toMatch(/^nsenter --net=\/proc\/1\/ns\/net .* setpriv --reuid=991 --regid=991 --clear-groups /);
    expect(asRoot).toMatch(
      /--inh-caps=-all,\+net_raw --ambient-caps=-all,\+net_raw --bounding-set=-all,\+net_raw --no-new-privs -- node worker$/,
    );
    expect(start(layout, daemon)).toMatch(
      /^setpriv --reuid=991 .*ambient-caps=-all,\+net_raw --no-new-privs -- node worker$/,
    );
  });

  it('leave it what it is where that right is missing, but never outside of a split network', () => {
    expect(start(layout, nobody)).toBe('node worker');
    expect(start({ ...layout, split: true }, nobody)).toMatch(/^nsenter .* node worker$/);
    expect(start({ ...layout, scanUid: null }, daemon)).toBe('node worker');
    for (const missing of [5n, 6n, 7n])
      expect(start(layout, { ...daemon, capabilities: daemon.capabilities & ~(1n << missing) })).toBe('node worker');
  });
});
