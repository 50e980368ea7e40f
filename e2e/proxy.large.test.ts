import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { describe, expect, it } from 'vitest';
import {
  missingPrograms,
  proxyAccount,
  proxyDomain,
  squidBasic,
  squidNtlm,
} from '../packages/outbound/src/testing/real-proxies.ts';
import type { Deployment } from './harness/deployment.ts';
import { ProxyGround, targets } from './harness/proxy-ground.ts';
import { scanHosts } from './harness/scan-results.ts';

const support = canUseNamespaces();
const missing = missingPrograms();

/** Runs a scan to its end and gives its hosts with their open ports. */
async function scanned(deployment: Deployment): Promise<string[]> {
  const networkId = await deployment.network('Inner', '10.44.0.0/24');
  await deployment.enrol('proxied', [networkId]);
  const request = { kind: 'scan' as const, profile: 'normal' as const, ports: 'top1000' as const };
  const scanId = await deployment.launch({ ...request, networkId, targets: targets.range });
  const scan = await deployment.untilEnded(scanId, 240_000);
  expect({ status: scan.status, complete: scan.complete }, deployment.tails()).toEqual({
    status: 'finished',
    complete: true,
  });
  const hosts = await scanHosts(deployment.client, scanId);
  return hosts
    .map(
      ({ address, openPorts }) =>
        `${address} ${openPorts
          .map(({ port }) => port)
          .sort((one, other) => one - other)
          .join()}`,
    )
    .sort();
}

const expected = Array.from({ length: targets.hosts }, (_, index) => `10.44.0.${33 + index} ${targets.ports.join()}`);

/** Neither log nor any file of the appliance's state holds the password, plain or as Basic has it. */
async function expectNoPassword(deployment: Deployment): Promise<void> {
  const { user, password } = proxyAccount;
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  const status = await readFile(join(deployment.applianceState, 'status.json'), 'utf8');
  for (const text of [deployment.appliance.log, deployment.platform.log, status]) {
    expect(text).not.toContain(password);
    expect(text).not.toContain(basic);
  }
}

describe.skipIf(!support.ok || missing.length > 0)('an appliance whose only way out is a proxy', () => {
  it('scans behind squid with NTLM, and its results arrive', async () => {
    await using ground = await ProxyGround.open();
    const proxy = await ground.proxy(squidNtlm);
    const { user, password } = proxyAccount;
    const deployment = await ground.deploy({ user: `${proxyDomain}\\${user}`, password, auth: 'ntlm' });
    await deployment.startPlatform();
    expect(await scanned(deployment)).toEqual(expected);
    const log = await proxy.log('access.log');
    expect(log).toMatch(/TCP_TUNNEL\/200 [0-9]+ CONNECT 10\.45\.0\.2:8443 PXBOX/);
    // Scans never go through it: it was asked for nothing but the platform.
    expect(log.split('\n').filter((line) => line !== '' && !line.includes('CONNECT 10.45.0.2:8443'))).toEqual([]);
    await expectNoPassword(deployment);
  }, 400_000);

  it('scans behind squid with Basic, and loses nothing where sessions are cut by bytes and by time', async () => {
    await using ground = await ProxyGround.open();
    const proxy = await ground.proxy(squidBasic);
    const relay = await ground.cuttingRelay({ bytes: 12_000, milliseconds: 4000 });
    const deployment = await ground.deploy({ ...proxyAccount, relayed: true });
    await deployment.startPlatform();
    expect(await scanned(deployment), relay.log.slice(-2000)).toEqual(expected);
    expect(relay.log).toContain('cut after');
    expect(relay.log).toContain('cut by time');
    expect(await proxy.log('access.log')).toMatch(/TCP_TUNNEL\/200 [0-9]+ CONNECT 10\.45\.0\.2:8443 games/);
    await expectNoPassword(deployment);
  }, 400_000);

  it('shows why it can not, and goes nowhere else, while its password is wrong', async () => {
    await using ground = await ProxyGround.open();
    await ground.proxy(squidNtlm);
    const deployment = await ground.deploy({ user: `${proxyDomain}\\${proxyAccount.user}`, password: 'wr0ng-canary' });
    await deployment.startPlatform();
    await writeFile(join(deployment.folder, 'enrolment'), deployment.enrolment);
    await deployment.appliance.start(/"state":"network-error".*"kind":"proxy-auth-refused"/);
    expect(deployment.appliance.log).toContain('HTTP 407 after a login by NTLM');
    expect(deployment.appliance.log).not.toContain('wr0ng-canary');
  }, 200_000);
});
