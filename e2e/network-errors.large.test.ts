import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tmux } from '../packages/appliance/src/testing/tmux.ts';
import { ErrorGround, goodNetwork } from './harness/error-ground.ts';
import { bootRows, type ErrorRow, lanRows, wanRows } from './harness/error-rows.ts';

const support = canUseNamespaces();
const lan = { ...goodNetwork.lan, wins: [], dns: ['10.11.0.1'] };
const wan = { ...goodNetwork.wan, dns: ['10.22.0.1'] };

/** Each fault of the table is made, seen on the console's terminal and in the log, and taken away, on one ground. */
describe.skipIf(!support.ok || !Tmux.present)('NETWORK ERR', () => {
  let ground: ErrorGround;
  let isSplit = false;

  beforeAll(async () => {
    ground = await ErrorGround.open('e2eerr');
    await ground.bench.lab.addNamespace('drawer');
    await ground.bench.apply({ lan });
    await ground.bench.until((facts) => facts.lan.addresses.length === 1);
  }, 120_000);
  afterAll(async () => {
    await ground?.[Symbol.asyncDispose]();
  }, 60_000);

  const reached = () =>
    ground.visitor.sees('the activation code', (now) => now.state === 'awaiting-activation' && now.error === null);

  async function saysAndMends(row: ErrorRow): Promise<void> {
    const { code, description, eCode } = row;
    await ground.visitor.sees(
      `${code} ${eCode} ${description}`,
      ({ state, error }) =>
        state === 'network-error' && error?.code === code && error.description === description && error.eCode === eCode,
    );
    await ground.shows(`NETWORK ERR ${code}`, description);
    const logged = ground.log.split('\n').filter((line) => line.includes('"network.error"'));
    expect(
      logged.some((line) => line.includes(`"code":"${code}","eCode":"${eCode}","description":"${description}"`)),
    ).toBe(true);
    await row.mend?.(ground);
    if (row.byItself !== true) await ground.visitor.change('lan-static', good());
    await reached();
    await ground.shows('ACTIVATION CODE', '');
    if (row.attempt === 'proxy-enabled') await ground.visitor.change('proxy-disabled', good());
    if (row.attempt === 'proxy-enabled') await reached();
  }

  const good = () => ({
    lan,
    wan: isSplit ? wan : null,
    proxy: null,
    lanVlan: 0,
    ipMode: 'ipv4-and-ipv6' as const,
  });

  it.each(bootRows)('$code $eCode $description: $fault', async (row) => {
    await row.make(ground);
    await ground.startAppliance();
    await saysAndMends(row);
  });

  it.each(lanRows)('$code $eCode $description: $fault', async (row) => {
    await row.make(ground);
    await saysAndMends(row);
  });

  it('goes over to split network', async () => {
    isSplit = true;
    await ground.stopAppliance();
    await ground.bench.apply({ lan, wan });
    await ground.bench.until((facts) => facts.wan?.addresses.length === 1);
    await ground.startAppliance();
    await reached();
  });

  it.each(wanRows)('$code $eCode $description: $fault', async (row) => {
    await row.make(ground);
    await saysAndMends(row);
  });
});
