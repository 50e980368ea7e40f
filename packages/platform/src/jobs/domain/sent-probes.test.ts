import { probesSent } from '@picket/contracts/event';
import { describe, expect, it } from 'vitest';
import { addProbes, noProbes, sentProbes } from './sent-probes.ts';

describe('addProbes', () => {
  it('stays small and readable whatever an appliance tells', () => {
    const ports = Array.from({ length: 200 }, (_, index) => 2 * index + 1).join(',');
    const told = probesSent.parse({
      sent: Array.from({ length: 16 }, (_, index) => ({ kind: `kind ${index}`, sent: Number.MAX_SAFE_INTEGER, ports })),
      unsent: Array.from({ length: 16 }, () => ({ reason: 'window-closed', detail: 'x'.repeat(256) })),
    });
    const renamed = { ...told, sent: told.sent.map((one) => ({ ...one, kind: `other ${one.kind}` })) };
    let sum = noProbes;
    for (const probes of [told, renamed, told]) sum = addProbes(sum, { begun: 1, told: 1, ...probes });
    expect(sentProbes.safeParse(sum).success).toBe(true);
    expect(sum).toMatchObject({ begun: 3, told: 3 });
    expect(sum.sent.length).toBe(16);
    expect(JSON.stringify(sum).length).toBeLessThan(32_768);
  });

  it('keeps what was left out while the next run has not told yet', () => {
    const stopped = { begun: 1, told: 1, sent: [], unsent: [{ reason: 'window-closed', addresses: 3 }] };
    expect(addProbes(stopped, { ...noProbes, begun: 1 })).toEqual({ ...stopped, begun: 2 });
  });
});
