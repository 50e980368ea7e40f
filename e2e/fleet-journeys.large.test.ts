import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nsStart } from '../lab/lab-control.ts';
import { canBrowse } from './harness/browser.ts';
import { type BrowserGround, browserGround, shownCode } from './harness/browser-ground.ts';
import { breaches, overflow, timesWithoutZone, Visitor } from './harness/browser-visitor.ts';
import { settleFirstManager } from './harness/first-manager.ts';
import { Program } from './harness/process.ts';

const support = canUseNamespaces();
const name = `fleet${process.pid}`;
const hosts = ['cache-weak', 'web-weak', 'all-closed'];
/** The hosts among addresses where nobody is: enough that the two share them. */
const targets = '10.99.0.8-10.99.0.39';
const password = 'a long enough sentence';
const root = fileURLToPath(new URL('..', import.meta.url));

/** A fleet of two, from the first code to the stop of everything, told in chapters: each goes on where the one before ended. */
describe.skipIf(!support.ok || !canBrowse)('a fleet steered in Chromium', () => {
  let ground: BrowserGround;
  let virtual: Program | undefined;
  let visitor: Visitor;
  let page: Page;
  /** Breaches found on the way, all told at the end of each chapter. */
  const found: string[] = [];

  beforeAll(async () => {
    ground = await browserGround(name, hosts);
    const { browser, origin, firstManager } = ground;
    await settleFirstManager(browser, origin, { ...firstManager, password });
    await ground.deployment.network('Lab', '10.99.0.0/24');
    visitor = await Visitor.enter(browser, origin);
    page = visitor.page;
    await page.goto('/');
    await page.getByLabel('Login').fill(firstManager.login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await heading('Overview');
    visitor.takeFaults();
  }, 150_000);
  afterAll(async () => {
    await virtual?.end();
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
  async function lookOver(place: string): Promise<void> {
    for (const breach of await breaches(page)) found.push(`${place}: ${breach}`);
    for (const time of await timesWithoutZone(page)) found.push(`${place}: time without zone: ${time}`);
    if ((await overflow(page)) > 1) found.push(`${place}: wider than its window`);
  }
  const heading = (title: string | RegExp) => page.getByRole('heading', { name: title, level: 1 }).waitFor();
  const button = (title: string | RegExp, on: Page | Locator = page) =>
    on.getByRole('button', { name: title, exact: true });
  const dialog = (title: string | RegExp) => page.getByRole('dialog', { name: title });
  const row = (text: string) =>
    page.getByRole('grid', { name: 'Appliances' }).getByRole('row').filter({ hasText: text });

  it('takes in a physical appliance by the code on its display', async () => {
    await page.goto('/appliances');
    await button('New appliance').first().click();
    await page.getByRole('menuitem', { name: /activation code/ }).click();
    const box = dialog('New scanner appliance');
    await box.getByRole('textbox', { name: 'Activation code' }).fill(await shownCode(ground.deployment));
    await box.getByRole('textbox', { name: 'Friendly name' }).fill('is_cellar');
    await box.getByRole('checkbox', { name: 'Lab' }).check();
    await lookOver('activate');
    await button('Activate', box).click();
    await row('is_cellar').getByText('Online').waitFor({ timeout: 60_000 });
  });

  it('provisions a virtual one, greyed until its 14-digit code is used, then online without a reload', async () => {
    await page.evaluate('globalThis.neverReloaded = true');
    await button('New appliance').first().click();
    await page.getByRole('menuitem', { name: /personalization code/ }).click();
    const box = dialog('New virtual scanner');
    await box.getByRole('textbox', { name: 'Friendly name' }).fill('is_attic');
    await box.getByRole('checkbox', { name: 'Lab' }).check();
    await button('Provision', box).click();
    const code = await box.getByLabel('Personalization code', { exact: true }).innerText();
    const enrolment = await box.getByLabel('Enrolment string', { exact: true }).innerText();
    expect(code.replaceAll(/\D/g, '')).toMatch(/^\d{14}$/);
    await lookOver('provision');
    await button('Done', box).click();
    await row('is_attic').waitFor();
    expect(await row('is_attic').getAttribute('data-dim')).toBe('true');
    const daemon = [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      join(root, 'packages/appliance/src/daemon/main.ts'),
    ];
    const state = ['--state', join(ground.deployment.folder, 'attic'), '--content', join(root, 'content')];
    const given = ['--enrolment', enrolment, '--personalization-code', code.replaceAll(/\D/g, '')];
    const launch = (argv: readonly string[], env: Readonly<Record<string, string>>) =>
      nsStart(ground.lab, 'scanner', argv, env);
    virtual = new Program(launch, [...daemon, ...state, '--kind', 'virtual', '--json', ...given]);
    await virtual.start(/"state":"ready"/);
    await row('is_attic').getByText('Online').waitFor({ timeout: 60_000 });
    expect(await row('is_attic').getAttribute('data-dim')).toBe('false');
    expect(await page.evaluate('globalThis.neverReloaded')).toBe(true);
    await lookOver('appliances');
  });

  it('edits its polling and gives it a VLAN and a route, and tells that nobody manages that machine’s network', async () => {
    await row('is_attic').getByText('is_attic').click();
    const panel = page.getByRole('complementary', { name: 'Appliance' });
    await button('Edit', panel).click();
    const edit = page.getByRole('dialog');
    await edit.getByRole('textbox', { name: /Polling interval/ }).fill('60');
    await lookOver('edit');
    await button('Save', edit).click();
    await edit.waitFor({ state: 'detached' });
    await button('VLANs and routes', panel).click();
    const networks = dialog('Networks that is_attic scans');
    await networks.getByLabel('VLANs, one a line').fill('20, Printers, 10.20.0.9/24');
    await networks.getByLabel('Static routes, one a line').fill('10.30.0.0/16, 10.20.0.1, 20');
    await lookOver('VLANs and routes');
    await button('Save', networks).click();
    await networks.waitFor({ state: 'detached' });
    await expect
      .poll(
        async () => {
          await button('VLANs and routes', panel).click();
          const told = await networks.innerText();
          await page.keyboard.press('Escape');
          await networks.waitFor({ state: 'detached' });
          return told;
        },
        { timeout: 60_000, interval: 1000 },
      )
      .toMatch(/Nobody manages the network of this machine[^]*1 VLAN, 1 route/);
    // It scans by its own ways from here on.
    await button('VLANs and routes', panel).click();
    await networks.getByLabel('VLANs, one a line').fill('');
    await networks.getByLabel('Static routes, one a line').fill('');
    await button('Save', networks).click();
    await networks.waitFor({ state: 'detached' });
  });

  it('shares a scan between both, by their names', async () => {
    await button('New scan').first().click();
    const box = dialog('New scan');
    await box.getByLabel('Targets').fill(targets);
    await box.getByRole('radio', { name: /^Gentle/ }).check();
    await button(/^Exclusions, ports, appliances/, box).click();
    await box.getByRole('combobox', { name: 'Appliances' }).selectOption('Only these');
    for (const one of ['is_cellar', 'is_attic']) await box.getByRole('checkbox', { name: one }).check();
    await box.getByRole('region', { name: 'Plan' }).getByText('is_attic').waitFor();
    await lookOver('pool scan');
    await button('Launch scan', box).click();
    await page.waitForURL(/\/scans\/\d+$/);
    await page.getByText('Finished', { exact: true }).waitFor({ timeout: 150_000 });
    const { appliances } = await ground.deployment.scan(Number(page.url().split('/').at(-1)));
    expect(appliances.map((one) => one.name).toSorted()).toEqual(['is_attic', 'is_cellar']);
    await page.getByRole('tab', { name: 'Hosts' }).click();
    const list = page.getByRole('grid', { name: 'Hosts' });
    for (const address of ['10.99.0.10', '10.99.0.15'])
      await list.getByRole('row').filter({ hasText: address }).waitFor();
    await lookOver('pool scan, ended');
  });

  it('makes a window, and a schedule that keeps to it, with its next runs', async () => {
    await page.goto('/settings/windows?new=window');
    const box = dialog('New window');
    await box.getByLabel('Name').fill('Nights');
    await lookOver('new window');
    await button('Make window', box).click();
    await page.getByText('Nights').first().waitFor();
    await page.goto('/scans/schedules?new=schedule');
    const plan = dialog('New schedule');
    await plan.getByLabel('Targets').fill('10.99.0.0/28');
    await button(/^Exclusions, ports, appliances/, plan).click();
    await plan.getByRole('checkbox', { name: /Nights/ }).check();
    await plan.getByLabel('Name of the schedule').fill('Lab nights');
    const runs = plan.getByRole('region', { name: 'Next runs' });
    await expect.poll(() => runs.getByRole('row').count(), { timeout: 15_000 }).toBe(11);
    await lookOver('new schedule');
    await button('Save schedule', plan).click();
    await heading('Schedules');
    await page.getByRole('row').filter({ hasText: 'Lab nights' }).waitFor();
    await lookOver('schedules');
  });

  it('stops everything by one button, says so on every page, and goes on when it is lifted', async () => {
    await button('New scan').first().click();
    const box = dialog('New scan');
    await box.getByLabel('Targets').fill('10.99.0.0/24');
    await box.getByRole('radio', { name: /^Gentle/ }).check();
    await button('Launch scan', box).click();
    await page.waitForURL(/\/scans\/\d+$/);
    const url = page.url();
    await page.getByText('Running', { exact: true }).first().waitFor({ timeout: 60_000 });
    await page.goto('/');
    await button('Stop all').first().click();
    const stop = dialog('Stop all scanning?');
    await stop.getByLabel('Reason').fill('The plant manager called');
    await stop.getByLabel('Type stop all to confirm').fill('stop all');
    await lookOver('stop all');
    await button('Stop all', stop).click();
    const banner = page.getByRole('status', { name: 'Stop all is in force' });
    await banner.getByText('The plant manager called').waitFor();
    await lookOver('held');
    await page.goto(url);
    await banner.waitFor();
    await page.getByText('Paused', { exact: true }).first().waitFor({ timeout: 15_000 });
    await button('Lift the hold', banner).click();
    const lift = dialog('Let scans run again?');
    await lift.getByLabel('Type lift to confirm').fill('lift');
    await button('Lift the hold', lift).click();
    await banner.waitFor({ state: 'detached' });
    await page.getByText('Running', { exact: true }).first().waitFor({ timeout: 30_000 });
    await button('Cancel').first().click();
  });
});
