import { applianceLimits, appliancePaths } from '@picket/contracts/protocol';
import { expect, it } from 'vitest';
import { withPlatform } from '../testing/platform-under-test.ts';

it('carries bytes both ways for an enrolled appliance, and for no other', () =>
  withPlatform('embedded', async ({ device, appliance, network }) => {
    const box = await appliance(await network('10.0.0.0/24'));
    const most = applianceLimits.measureBytes;
    const carry = (bytes: number, query: string) => box.bytes(appliancePaths.measure, new Uint8Array(bytes), { query });
    expect((await carry(0, '')).body).toHaveLength(0);
    expect((await carry(most, 'answer=1000')).body).toHaveLength(1000);
    for (const [query, length] of [
      [`answer=${most * 10}`, most],
      ['answer=-1', 0],
      ['answer=x', 0],
    ] as const)
      expect((await carry(0, query)).body).toHaveLength(length);
    expect((await carry(most + 1, '')).status).toBe(413);
    expect((await device().bytes(appliancePaths.measure, new Uint8Array())).status).toBe(401);
  }));
