import { describe, expect, it } from 'vitest';
import { hopsOnTheWay } from './hops-on-the-way.ts';

const ways = [
  { address: '10.2.0.7', hops: ['10.0.0.1', '10.1.0.1', '10.2.0.7'] },
  { address: '10.2.0.8', hops: ['10.0.0.1', '10.1.0.1', '10.1.0.1'] },
  { address: '10.3.0.9', hops: ['10.0.0.1'] },
];

describe('hopsOnTheWay', () => {
  it('counts the targets behind each hop and names what looks like a firewall first', () => {
    const known = new Map([['10.1.0.1', { name: 'edge', words: ['OPNsense 25.1', 'nginx'] }]]);
    expect(hopsOnTheWay(ways, known)).toEqual([
      { address: '10.1.0.1', name: 'edge', targets: 2, stateful: 'OPNsense 25.1' },
      { address: '10.0.0.1', name: null, targets: 3, stateful: null },
    ]);
  });

  it.each(['Cisco ASA 9.1', 'FortiOS', 'Palo Alto Networks', 'Juniper SRX300', 'pfSense', 'F5 BIG-IP'])(
    'takes %s for one that keeps connections',
    (word) => {
      expect(hopsOnTheWay(ways, new Map([['10.0.0.1', { name: null, words: [word] }]]))[0]?.stateful).toBe(word);
    },
  );

  it.each(['Cisco IOS', 'Debian Linux 12', 'MikroTik'])('says nothing of %s', (word) => {
    const hop = hopsOnTheWay(ways, new Map([['10.0.0.1', { name: null, words: [word] }]])).find(
      (one) => one.address === '10.0.0.1',
    );
    expect(hop?.stateful).toBeNull();
  });
});
