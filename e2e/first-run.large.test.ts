import { assetGroup } from '@picket/contracts/api/people';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { buildPlan } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { canBrowse } from './harness/browser.ts';
import { type BrowserGround, browserGround, shownCode } from './harness/browser-ground.ts';
import { breaches, overflow, timesWithoutZone, Visitor } from './harness/browser-visitor.ts';

const support = canUseNamespaces();
const name = `first${process.pid}`;
const hosts = ['cache-weak', 'web-weak', 'all-closed'];
const targets = ['10.99.0.10', '10.99.0.15', '10.99.0.36'];
const password = 'a long enough sentence';

/** What the browser rightly says on its console while the platform is away. */
const away = /ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_(RESET|CLOSED)/;

/** One journey of one person, told in chapters: each goes on where the one before ended. */
describe.skipIf(!support.ok || !canBrowse)('the first run in Chromium', () => {
  let ground: BrowserGround;
  let visitor: Visitor;
  let page: Page;
  let scanUrl: string;
  /** Breaches found on the way, all told at the end of each chapter. */
  const found: string[] = [];

  beforeAll(async () => {
    ground = await browserGround(name, hosts);
    visitor = await Visitor.enter(ground.browser, ground.origin);
    page = visitor.page;
  }, 120_000);
  afterAll(async () => {
    await ground?.close();
  }, 60_000);
  beforeEach(({ onTestFailed }) => {
    // oxlint-disable-next-line no-console -- the test runner shows it beside the failure
    onTestFailed(async () => console.error(`${page.url()}\n${await page.ariaSnapshot()}`));
  });
  afterEach(() => {
    found.push(...visitor.takeFaults());
    expect(found.splice(0)).toEqual([]);
  });

  /** Looks over what is on the page now, in both themes. */
  async function lookOver(place: string, on = page): Promise<void> {
    for (const breach of await breaches(on)) found.push(`${place}: ${breach}`);
    for (const time of await timesWithoutZone(on)) found.push(`${place}: time without zone: ${time}`);
  }
  const heading = (title: string | RegExp, on = page) => on.getByRole('heading', { name: title, level: 1 }).waitFor();
  const button = (title: string | RegExp, on: Page | Locator = page) => on.getByRole('button', { name: title });

  it('signs in with the printed one-time password by keyboard, chooses a password and accepts the terms', async () => {
    await page.goto('/');
    await heading('Sign in');
    await lookOver('sign-in');
    await signInByKeyboard(page, ground.firstManager.login, ground.firstManager.oneTimePassword);
    await heading('Choose your password');
    await lookOver('password');
    await choosePassword(page, ground.firstManager.oneTimePassword);
    await heading('Licence and terms');
    await lookOver('terms');
    await page.getByRole('checkbox', { name: /accept the licence/ }).check();
    await button('Accept terms').click();
    await heading('Register your networks');
  });

  it('registers a network, and says what is wrong with a range while it is typed', async () => {
    await button('Add a network').click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Lab');
    const ranges = page.getByRole('textbox', { name: 'Address ranges' });
    await ranges.fill('10.0.0.0/33\n010.1.2.3');
    await page.getByText(/10\.0\.0\.0\/33.*32/).waitFor();
    await page.getByText(/Line 2: .*010\.1\.2\.3.*without leading zeros/).waitFor();
    expect(await button('Register network').isDisabled()).toBe(true);
    await lookOver('networks with faults');
    await ranges.fill('10.99.0.0/24');
    await page.getByText('256 addresses', { exact: true }).waitFor();
    await button('Register network').click();
    const registered = page.getByRole('list', { name: 'Registered networks' });
    await registered.getByRole('listitem').filter({ hasText: 'Lab' }).getByText('10.99.0.0/24').waitFor();
    await lookOver('networks');
    await button('Continue').click();
  });

  it('connects the appliance by the code that it shows', async () => {
    await heading('Connect an appliance');
    const code = page.getByRole('textbox', { name: 'Activation code' });
    await code.fill('97531864209753');
    await button('Activate').click();
    await page.getByRole('alert').filter({ hasText: /code/i }).waitFor();
    expect(await code.inputValue()).toBe('97531864209753');
    found.push(...visitor.takeFaults(/status of 4\d\d/));
    await code.fill(await shownCode(ground.deployment));
    await page.getByRole('textbox', { name: 'Friendly name' }).fill('is_lab');
    await page.getByRole('checkbox', { name: 'Lab' }).check();
    await button('Activate').click();
    const connected = page.getByRole('list', { name: 'Connected appliances' });
    await connected.getByRole('listitem').filter({ hasText: 'is_lab' }).getByText('Online').waitFor();
    await lookOver('appliance');
    await button('Continue').click();
  });

  it('launches the first scan, whose plan is the plan of the planner', async () => {
    await heading('First scan');
    // The network just registered, which the appliance can scan, not the first of the list.
    const chosen = page.getByRole('combobox', { name: 'Network' }).getByRole('option', { selected: true });
    await chosen.filter({ hasText: 'Lab (256 addresses)' }).waitFor({ state: 'attached' });
    await page.getByRole('textbox', { name: 'Targets' }).fill(targets.join(', '));
    const plan = page.getByRole('region', { name: 'Plan' });
    await plan.getByText('is_lab').waitFor();
    const { estimate } = planOf(targets.join(', '));
    const numbers = (await plan.innerText()).replaceAll(',', '');
    expect(numbers).toMatch(new RegExp(`Addresses\\s+${estimate.addresses}\\s`));
    expect(numbers).toMatch(new RegExp(`Ports each\\s+${estimate.ports}\\s`));
    expect(numbers).toMatch(new RegExp(`Packets\\s+at most ${estimate.packets}\\s`));
    expect(numbers).toMatch(new RegExp(`Rate\\s+at most ${estimate.rate}/s`));
    await lookOver('first scan');
    await button('Launch scan').click();
    await page.waitForURL('**/scans/*');
    scanUrl = page.url();
  });

  it('says when the platform is away, recovers when it is back, and pauses and resumes meanwhile, in two tabs', async () => {
    await page.evaluate('globalThis.neverReloaded = true');
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await button('Pause').click();
    await page.getByText('Paused', { exact: true }).waitFor();
    const second = await visitor.newTab();
    await second.goto(scanUrl);
    await second.getByText('Paused', { exact: true }).waitFor();
    await lookOver('paused scan');
    await ground.deployment.platform.stop();
    for (const tab of [page, second]) await tab.getByRole('status').filter({ hasText: 'Reconnecting' }).waitFor();
    await ground.deployment.startPlatform();
    for (const tab of [page, second]) await tab.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    found.push(...visitor.takeFaults(away));
    await button('Resume', second).click();
    await page.getByText('Running', { exact: true }).first().waitFor();
    await button('Pause').waitFor();
  });

  it('shows phases, hosts, rate and findings as they come, without a reload', async () => {
    for (const phase of ['Discovery', 'Ports', 'Services', 'Checks']) {
      await page.getByRole('img', { name: new RegExp(`^${phase}: [0-9]+ of [0-9]+ done`) }).waitFor();
    }
    const grid = page.getByRole('grid', { name: 'Hosts and phases' });
    for (const target of targets) await grid.getByRole('row').filter({ hasText: target }).waitFor();
    await page
      .getByText(/^[1-9][0-9,.]*\/s$/)
      .first()
      .waitFor();
    const feed = page.getByRole('list', { name: 'Findings coming in' });
    await feed.getByRole('link').first().waitFor({ timeout: 90_000 });
    await lookOver('live scan');
    await page.getByText('Finished', { exact: true }).waitFor({ timeout: 90_000 });
    expect(await page.evaluate('globalThis.neverReloaded')).toBe(true);
  });

  it('has the evidence of a finding one click away from the result', async () => {
    await page.getByRole('tab', { name: 'Findings' }).click();
    const row = page.getByRole('grid', { name: 'Detections' }).getByRole('row').filter({ hasText: 'Critical' }).first();
    await row.getByText('Critical').click();
    const panel = page.getByRole('complementary', { name: 'Detection' });
    for (const part of ['Request', 'Response']) {
      expect((await panel.getByRole('region', { name: part }).innerText()).length).toBeGreaterThan(5);
    }
    await lookOver('evidence');
    await panel.getByRole('link', { name: /^10\.99\.0\./ }).click();
    await heading(/^10\.99\.0\./);
    await page.getByRole('grid', { name: 'Services' }).getByRole('row').nth(1).waitFor();
    await page.getByRole('grid', { name: 'Detections' }).getByRole('row').nth(1).waitFor();
    await lookOver('asset');
  });

  it('launches a map by keyboard alone', async () => {
    await page.getByRole('link', { name: 'Maps' }).click();
    await heading('Maps');
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New scan' });
    await tabTo(page, dialog.getByRole('radio', { name: /^Scan/ }));
    await page.keyboard.press('ArrowRight');
    await tabTo(page, dialog.getByRole('combobox', { name: 'Network' }));
    await page.keyboard.type('Lab');
    await tabTo(page, dialog.getByRole('textbox', { name: 'Targets' }));
    await page.keyboard.type('10.99.0.15');
    const launch = button('Launch map', dialog);
    await dialog.getByText('is_lab').waitFor();
    await lookOver('new map');
    await tabTo(page, launch);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/scans/2');
    await page.getByText('Finished', { exact: true }).waitFor();
  });

  it('keeps WCAG AA, its width and its zone on every page, with what was really found', async () => {
    const places: readonly (readonly [string, string | RegExp, string | RegExp])[] = [
      ['/', 'Overview', 'Worst assets'],
      ['/scans', 'Scans', /^Scan of/],
      ['/scans/1?tab=progress', /^Scan of/, '10.99.0.36'],
      ['/scans/1?tab=hosts', /^Scan of/, 'Showed itself by'],
      ['/scans/1?tab=plan', /^Scan of/, 'Plan and traffic'],
      ['/scans/2', /^Map of/, '10.99.0.15'],
      ['/maps', 'Maps', /^Map of/],
      ['/maps/2', /^Map of/, 'Map of networks'],
      ['/maps/2?tab=hosts', /^Map of/, '10.99.0.15'],
      ['/maps/2?tab=changes', /^Map of/, 'Nothing to compare with'],
      ['/assets', 'Assets', '10.99.0.36'],
      ['/detections?open=1', 'Detections', 'Response'],
      ['/detections?group=check', 'Detections', /^Memcached answers/],
      ['/checks?open=redis-unauthenticated', 'Knowledge', 'What to do'],
      ['/appliances?open=1', 'Appliances', 'Connectivity'],
      ['/settings/networks?open=2', 'Networks', '10.99.0.0/24'],
      ['/settings/people', 'People', ground.firstManager.login],
      ['/settings/audit', 'Audit log', 'scan.launch'],
      ['/about', 'About', 'Enrolment string'],
      ['/no-such-place', 'Not found', 'There is no such page'],
    ];
    for (const [path, title, shows] of places) {
      await page.goto(path);
      await page.getByRole('heading', { name: title }).first().waitFor({ state: 'attached' });
      await page.getByText(shows).or(page.getByLabel(shows)).first().waitFor({ state: 'attached' });
      await lookOver(path);
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        const wider = await overflow(page);
        if (wider > 1) found.push(`${path}: ${wider} px wider than ${width} px`);
      }
    }
  });

  it('shows a reader everything but the way to launch, and the API refuses it too', async () => {
    const { client } = ground.deployment;
    const groups = z.looseObject({ items: z.array(assetGroup) });
    const { items } = await client.get('/api/v1/asset-groups', groups);
    const all = items.filter((group) => group.coversAll).map((group) => group.id);
    const account = { login: 'rita', name: 'Rita', role: 'reader', assetGroupIds: all };
    const { oneTimePassword } = await client.post('/api/v1/accounts', account, created);
    const reader = await Visitor.enter(ground.browser, ground.origin, { theme: 'dark' });
    await reader.page.goto('/');
    await heading('Sign in', reader.page);
    await signInByKeyboard(reader.page, 'rita', oneTimePassword);
    await choosePassword(reader.page, oneTimePassword);
    await reader.page.getByRole('checkbox', { name: /accept the licence/ }).check();
    await button('Accept terms', reader.page).click();
    await heading('Overview', reader.page);
    await reader.page.getByText('Worst assets').waitFor();
    await lookOver('overview of a reader', reader.page);
    await reader.page.goto('/scans/1');
    await reader.page.getByText('Finished', { exact: true }).waitFor();
    expect(await button(/scan|pause|delete|cancel/i, reader.page).count()).toBe(0);
    found.push(...reader.takeFaults());
    const request = { kind: 'scan', networkId: 2, targets: '10.99.0.10' };
    expect(await reader.status('POST', '/api/v1/scans', request)).toBe(403);
    await reader.leave();
  });

  it('names the enrolment string on About, and signs out', async () => {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'About' }).click();
    await heading('About');
    const shown = page.getByRole('status', { name: 'Enrolment string' });
    expect(await shown.innerText()).toBe(ground.deployment.enrolment);
    await button(/^Account menu/).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading('Sign in');
    expect(await visitor.status('GET', '/api/v1/scans', undefined)).toBe(401);
    found.push(...visitor.takeFaults(/status of 401/));
  });
});

const created = z.object({ oneTimePassword: z.string() });

/** Presses Tab until the wanted control has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor({ state: 'attached' });
  const focused = wanted.and(page.locator(':focus'));
  for (let pressed = 0; pressed < 40; pressed += 1) {
    if ((await focused.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${wanted} can't be reached by Tab`);
}

async function signInByKeyboard(page: Page, login: string, secret: string): Promise<void> {
  await page.keyboard.type(login);
  await page.keyboard.press('Tab');
  await page.keyboard.type(secret);
  await page.keyboard.press('Enter');
}

async function choosePassword(page: Page, oneTime: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Current password' }).fill(oneTime);
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill(password);
  await page.getByRole('textbox', { name: 'New password again' }).fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
}

/** The planner's own answer to what the form asks. */
function planOf(list: string) {
  const plan = buildPlan({
    kind: 'scan',
    targets: list,
    exclude: '',
    ports: 'top1000',
    profile: profiles.normal,
    assumeAlive: false,
    services: true,
    checks: true,
    resolved: new Map(),
  });
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}
