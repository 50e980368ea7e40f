import { err, ok } from '@picket/base/result';
import type { PollAnswer } from '@picket/contracts/poll';
import { emptyScanNetwork, type ScanNetwork } from '@picket/contracts/scan-network';
import { describe, expect, it } from 'vitest';
import type { ScanNetworkHelper } from './scan-network-helper.ts';
import { ScanNetworkKeeper } from './scan-network-keeper.ts';

/** Keeps a document as the network helper does; `takeBack` is its deadline. */
class Helper implements ScanNetworkHelper {
  generation = 0;
  before = 0;
  refused: number | null = null;
  unconfirmed = false;
  seconds = 0;
  problem: string | null = null;
  says: string[] = [];
  atWork: () => void = () => {};
  trouble: string[] = [];

  state = async () =>
    ok({
      generation: this.generation,
      unconfirmed: this.unconfirmed,
      refusedGeneration: this.refused,
      trouble: this.trouble,
    });

  async offer(document: ScanNetwork, seconds: number, onWorking: (message: string) => void) {
    for (const message of this.says) {
      onWorking(message);
      this.atWork();
    }
    if (this.problem !== null) return err(this.problem);
    this.before = this.generation;
    this.generation = document.generation;
    this.unconfirmed = true;
    this.seconds = seconds;
    return ok(null);
  }

  async confirm(generation: number) {
    if (generation === this.generation) this.unconfirmed = false;
    return ok(null);
  }

  takeBack(): void {
    this.refused = this.generation;
    this.generation = this.before;
    this.unconfirmed = false;
  }
}

const answer = (generation?: number): PollAnswer => ({
  level: 1,
  serverTime: '2026-11-29T12:00:00.000Z',
  settings: {
    name: 'tried',
    pollIntervalSeconds: 180,
    longPoll: true,
    ...(generation === undefined ? {} : { scanNetwork: { ...emptyScanNetwork, generation } }),
  },
  leases: [],
  granted: [],
});

function keeper(helper: Helper | null) {
  const changes = { count: 0 };
  return { keeper: new ScanNetworkKeeper({ helper, onChange: () => (changes.count += 1) }), changes };
}

describe('the document of networks to scan', () => {
  it('is brought into force, reported, and confirmed by the next answered poll', async () => {
    const helper = new Helper();
    const { keeper: tried, changes } = keeper(helper);
    await tried.start();
    expect(tried.report).toBeUndefined();
    await tried.take(answer(1), undefined);
    expect(tried.report).toEqual({ generation: 1, state: 'applied' });
    expect([helper.unconfirmed, helper.seconds]).toEqual([true, 540]);
    await tried.take(answer(), tried.report);
    expect([helper.unconfirmed, tried.report, changes.count]).toEqual([false, { generation: 1, state: 'applied' }, 1]);
  });

  it('is not confirmed by the answer to a poll that was sent before it was in force', async () => {
    const helper = new Helper();
    const { keeper: tried } = keeper(helper);
    await tried.take(answer(1), undefined);
    await tried.take(answer(), undefined);
    expect(helper.unconfirmed).toBe(true);
    await tried.take(answer(2), tried.report);
    expect([helper.generation, helper.unconfirmed]).toEqual([2, true]);
    await tried.take(answer(), { generation: 1, state: 'applied' });
    expect(helper.unconfirmed).toBe(true);
  });

  it('that cut the appliance off is reported as rolled back, also after a restart, and not asked for again', async () => {
    const helper = new Helper();
    const { keeper: tried } = keeper(helper);
    await tried.take(answer(1), undefined);
    helper.takeBack();
    await tried.take(answer(), tried.report);
    expect(tried.report).toMatchObject({ generation: 1, state: 'rolled-back' });
    const { keeper: restarted } = keeper(helper);
    await restarted.start();
    expect(restarted.report).toMatchObject({ generation: 1, state: 'rolled-back' });
    await restarted.take(answer(1), restarted.report);
    expect(helper.generation).toBe(0);
    await restarted.take(answer(2), restarted.report);
    expect(restarted.report).toEqual({ generation: 2, state: 'applied' });
  });

  it('is confirmed after a restart that came before the next poll', async () => {
    const helper = new Helper();
    await keeper(helper).keeper.take(answer(1), undefined);
    const { keeper: restarted } = keeper(helper);
    await restarted.start();
    await restarted.take(answer(), restarted.report);
    expect(helper.unconfirmed).toBe(false);
  });

  it('says why it was refused, and that a machine without a helper cannot have it', async () => {
    const helper = new Helper();
    helper.problem = 'The kernel has no VLAN device.';
    const { keeper: tried } = keeper(helper);
    await tried.take(answer(1), undefined);
    expect(tried.report).toEqual({ generation: 1, state: 'refused', detail: helper.problem });
    const { keeper: bare } = keeper(null);
    await bare.take(answer(1), undefined);
    expect(bare.report).toEqual({ generation: 1, state: 'unsupported' });
  });

  it('that takes long is told of meanwhile, as what it is and not as applied', async () => {
    const helper = new Helper();
    const { keeper: tried, changes } = keeper(helper);
    const said: unknown[] = [];
    helper.says = ['250 of 8188 steps are done', '500 of 8188 steps are done'];
    helper.atWork = () => said.push([tried.applying, tried.report, changes.count]);
    await tried.take(answer(1), undefined);
    expect(said).toEqual([
      [{ generation: 1, message: helper.says[0] }, undefined, 1],
      [{ generation: 1, message: helper.says[1] }, undefined, 2],
    ]);
    expect([tried.applying, tried.report]).toEqual([undefined, { generation: 1, state: 'applied' }]);
  });

  it('tells what of it does not work, as soon as that is known and until it does', async () => {
    const helper = new Helper();
    const { keeper: tried, changes } = keeper(helper);
    await tried.take(answer(1), tried.report);
    helper.trouble = ['VLAN 9: no DHCP server answered'];
    await tried.take(answer(1), tried.report);
    expect(tried.report).toEqual({ generation: 1, state: 'applied', detail: 'VLAN 9: no DHCP server answered' });
    helper.trouble = [];
    await tried.take(answer(1), tried.report);
    expect([tried.report, changes.count]).toEqual([{ generation: 1, state: 'applied' }, 3]);
  });
});
