import { describe, expect, it } from 'vitest';
import { likelyTcpPorts, likelyUdpPorts } from './likely-ports.ts';

/** Ports that every later change of the list must keep: one per protocol that the engine can probe. */
const probed = [
  7, 13, 19, 21, 22, 23, 25, 37, 53, 79, 80, 88, 110, 111, 119, 139, 143, 389, 443, 445, 465, 515, 548, 554, 587, 631,
  636, 873, 993, 995, 1080, 1099, 1433, 1521, 1883, 2049, 2181, 2375, 3128, 3306, 3389, 3690, 5060, 5222, 5432, 5672,
  5900, 6000, 6379, 6443, 6667, 8000, 8009, 8080, 8443, 8883, 9042, 9100, 9200, 9418, 11211, 27017,
];

describe('the likely ports', () => {
  it('are exactly 1,000 valid TCP ports, each once', () => {
    expect(likelyTcpPorts).toHaveLength(1000);
    expect(new Set(likelyTcpPorts).size).toBe(1000);
    expect(likelyTcpPorts.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535)).toBe(true);
  });

  it('are at least 100 UDP ports, each once', () => {
    expect(likelyUdpPorts.length).toBeGreaterThanOrEqual(100);
    expect(new Set(likelyUdpPorts).size).toBe(likelyUdpPorts.length);
  });

  it('hold a default port of every protocol that can be probed', () => {
    expect(probed.filter((port) => !likelyTcpPorts.includes(port))).toEqual([]);
  });

  it('put what every network runs into the first hundred', () => {
    const head = likelyTcpPorts.slice(0, 100);
    expect([22, 80, 443, 445, 3389, 3306, 5432, 53, 25, 21].filter((port) => !head.includes(port))).toEqual([]);
  });

  it('hold both ports of services that come in a clear and a TLS form', () => {
    const pairs = [
      [80, 443],
      [143, 993],
      [110, 995],
      [389, 636],
      [1883, 8883],
      [5671, 5672],
      [5060, 5061],
    ].flat();
    expect(pairs.filter((port) => !likelyTcpPorts.includes(port))).toEqual([]);
  });
});
