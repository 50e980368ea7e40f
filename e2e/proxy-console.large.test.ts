import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsoleStatus } from '../packages/appliance/src/local/console-status.ts';
import type { ProxyProcess } from '../packages/outbound/src/testing/proxy-process.ts';
import {
  missingPrograms,
  proxyAccount,
  proxyDomain,
  squidNtlm,
} from '../packages/outbound/src/testing/real-proxies.ts';
import { ConsoleVisitor } from './harness/console-visitor.ts';
import { NetworkGround } from './harness/network-ground.ts';

const support = canUseNamespaces();
const user = `${proxyDomain}\\${proxyAccount.user}`;
const said = ({ error }: ConsoleStatus) => `${error?.code} ${error?.eCode} ${error?.description}`;
const proxyOf = (password: string, port = 3128) => ({
  proxy: { host: '10.11.0.1', port, user, password: { is: 'typed', value: password } as const },
});

/** The appliance of an image with its real network helper; its gateway routes nothing and runs squid, which winbind verifies NTLM for. Told in chapters. */
describe.skipIf(!support.ok || missingPrograms().length > 0)('a proxy that is set at the console', () => {
  let ground: NetworkGround;
  let squid: ProxyProcess;
  let tty: ConsoleVisitor;

  beforeAll(async () => {
    ground = await NetworkGround.open('e2epx', 1);
    const { lab } = ground.bench;
    await lab.run('lansrv', ['busybox', 'sysctl', '-q', '-w', 'net/ipv4/ip_forward=0']);
    const folder = await mkdtemp(join(tmpdir(), 'picket-proxy-'));
    squid = await squidNtlm({ launch: (argv) => lab.start('lansrv', argv), listen: '10.11.0.1', port: 3128, folder });
    await ground.deployment.startPlatform();
    await writeFile(join(ground.deployment.folder, 'enrolment'), ground.deployment.enrolment);
    await ground.deployment.appliance.start(/"state":"network-error"/);
    tty = new ConsoleVisitor(ground.deployment.applianceState);
  }, 120_000);
  afterAll(async () => {
    tty?.[Symbol.dispose]();
    await squid?.[Symbol.asyncDispose]();
    await ground?.[Symbol.asyncDispose]();
  }, 60_000);

  it('is needed: without it the platform is out of reach', async () => {
    const lan = { method: 'static', address: '10.11.0.7', prefixLength: 24, gateway: '10.11.0.1' } as const;
    await tty.change('lan-static', { lan: { ...lan, dns: ['10.11.0.1'], wins: [], domain: null } });
    const status = await tty.sees('10 E06', (now) => said(now) === '10 E06 PK con timeout');
    expect(status.state).toBe('network-error');
  });

  it('says 03 with its reason while password or port are wrong', async () => {
    await tty.change('proxy-enabled', proxyOf('wr0ng-canary'));
    const refused = await tty.sees('a refused login', (now) => said(now).startsWith('03 E03 prxy HTTP/407'));
    expect(refused.error?.message).toContain('HTTP 407 after a login by NTLM');
    await tty.change('proxy-enabled', proxyOf(proxyAccount.password, 3130));
    const gone = await tty.sees('no proxy', (now) => said(now) === '03 E03 prxy con tmout');
    expect(gone.error?.message).toContain('ECONNREFUSED');
  });

  it('leads to the activation code, and the network doctor logs in as well', async () => {
    await tty.change('proxy-enabled', proxyOf(proxyAccount.password));
    await tty.sees('the activation code', (now) => now.state === 'awaiting-activation' && now.activationCode !== null);
    await tty.ask({ type: 'examine' });
    const { doctor } = await tty.sees('a whole examination', (now) => (now.doctor?.endedAt ?? null) !== null);
    const outcomes = doctor?.steps.map(({ part, outcome }) => `${part} ${outcome}`) ?? [];
    expect(outcomes.slice(0, 6)).toEqual([
      'link ok',
      'address ok',
      'gateway ok',
      'dns not-used',
      'proxy ok',
      'platform ok',
    ]);
    // Whatever it looks at behind the session goes through the proxy too: there is no other way.
    expect(outcomes.filter((each) => each.endsWith('failed'))).toEqual([]);
    expect(await squid.log('access.log')).toMatch(/TCP_TUNNEL\/200 [0-9]+ CONNECT 10\.22\.0\.1:8443 PXBOX/);
  });

  it('disabled again it is 04: nothing goes around it, and nothing through it', async () => {
    const before = (await squid.log('access.log')).split('\n').length;
    await tty.change('proxy-disabled', { proxy: null });
    await tty.sees('04 E04', (now) => said(now) === '04 E04 PK con timeout');
    expect((await squid.log('access.log')).split('\n').length - before).toBeLessThanOrEqual(1);
  });

  it('leaves its passwords in no log', () => {
    for (const log of [ground.deployment.appliance.log, ground.deployment.platform.log, ground.bench.log()]) {
      expect(log).not.toContain(proxyAccount.password);
      expect(log).not.toContain('wr0ng-canary');
    }
  });
});
