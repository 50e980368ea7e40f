import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { Page } from 'playwright-core';
import { browserGround, shownCode } from '../harness/browser-ground.ts';
import { Visitor } from '../harness/browser-visitor.ts';

/** Takes the picture of the README from a scan of the lab that really runs. `--all DIR` photographs every page into a folder instead. */
const { values } = parseArgs({ options: { all: { type: 'string' } } });
const readmePicture = fileURLToPath(new URL('../../docs/images/scan.png', import.meta.url));
const hosts = [
  'web-weak',
  'web-hard',
  'proxy-weak',
  'tls-weak',
  'cache-weak',
  'cache-hard',
  'files-weak',
  'mail-weak',
  'dns-weak',
  'database-weak',
  'firewalled',
  'all-closed',
  'shell-weak',
];
const password = 'a long enough sentence';
const made = z.looseObject({ id: z.number().int() });

/** Name and address of every page that has something to show. */
const places: readonly (readonly [string, string])[] = [
  ['overview', '/'],
  ['scans', '/scans'],
  ['scan-progress', '/scans/2?tab=progress'],
  ['scan-hosts', '/scans/2?tab=hosts'],
  ['scan-findings', '/scans/2?tab=findings'],
  ['scan-plan', '/scans/2?tab=plan'],
  ['map', '/scans/1'],
  ['maps', '/maps'],
  ['assets', '/assets'],
  ['asset', '/assets/1'],
  ['detections', '/detections'],
  ['detection', '/detections?open=1'],
  ['detection-groups', '/detections?group=check'],
  ['knowledge', '/checks?open=redis-unauthenticated'],
  ['appliances', '/appliances?open=1'],
  ['networks', '/settings/networks?open=2'],
  ['people', '/settings/people'],
  ['audit', '/settings/audit'],
  ['about', '/about'],
];

async function signIn(page: Page, login: string, oneTime: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Login').fill(login);
  await page.getByRole('textbox', { name: 'Password' }).fill(oneTime);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('textbox', { name: 'Current password' }).fill(oneTime);
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill(password);
  await page.getByRole('textbox', { name: 'New password again' }).fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('checkbox', { name: /accept the licence/ }).check();
  await page.getByRole('button', { name: 'Accept terms' }).click();
  await page.getByRole('button', { name: 'Skip the rest of the set-up' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
}

async function photographAll(page: Page, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, path] of places) {
    await page.goto(path, { waitUntil: 'load' });
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
      }
    }
  }
}

const name = `readme${process.pid}`;
const ground = await browserGround(name, hosts);
try {
  const { deployment, browser, origin, firstManager } = ground;
  const code = await shownCode(deployment);
  const networkId = await deployment.network('Head office', '10.99.0.0/24');
  const activation = { code, name: 'is_headoffice', networkIds: [networkId] };
  const { id: applianceId } = await deployment.client.post('/api/v1/appliances/activate', activation, made);
  await deployment.untilAppliance(applianceId, (each) => each.online);
  const visitor = await Visitor.enter(browser, origin);
  const { page } = visitor;
  await signIn(page, firstManager.login, firstManager.oneTimePassword);
  const common = { networkId, targets: '10.99.0.0/26', profile: 'fast' as const };
  const mapId = await deployment.launch({ ...common, kind: 'map' });
  await deployment.untilEnded(mapId);
  const title = 'Head office, servers';
  const scanId = await deployment.launch({ ...common, kind: 'scan', profile: 'normal', ports: 'top1000', title });
  await page.goto(`/scans/${scanId}`);
  const feed = page.getByRole('list', { name: 'Findings coming in' });
  await feed.getByRole('link').nth(6).waitFor({ timeout: 180_000 });
  if (values.all === undefined) await page.screenshot({ path: readmePicture });
  else {
    await mkdir(values.all, { recursive: true });
    await page.screenshot({ path: join(values.all, 'live.png') });
    await deployment.untilEnded(scanId);
    await photographAll(page, values.all);
  }
  process.stdout.write(`${visitor.takeFaults().join('\n')}\n`);
} finally {
  await ground.close();
}
