import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, expect, test } from 'vitest';
import { paths } from '../src/shared/paths.ts';
import { breaches, openPage } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

/** The bar for the first load: all script that is fetched until a page stands, bytes after gzip. */
const firstLoadBar = 230_000;

describeInChromium('ways of working', (suite) => {
  const tab = suite.pageForEachTest();
  beforeEach(() => {
    const { state } = suite.harness.server;
    state.mode = 'ready';
    state.passwordChangeNeeded = false;
    state.termsAccepted = true;
  });

  test('the first load of every page is under the bar', async () => {
    const over: string[] = [];
    for (const path of Object.values(paths)) {
      const place = typeof path === 'string' ? path : path(12, 11);
      const { bytes, scripts } = await firstLoad(place);
      expect(scripts, place).toBeGreaterThan(1);
      if (bytes >= firstLoadBar) over.push(`${place} ${bytes}`);
    }
    expect(over).toEqual([]);
  });

  /** Scripts that a browser without a cache fetches for a page, and their bytes after gzip. */
  async function firstLoad(path: string): Promise<{ readonly scripts: number; readonly bytes: number }> {
    const fresh = await openPage(suite.harness.browser);
    const scripts = new Set<string>();
    fresh.page.on('response', (response) => {
      if (response.url().endsWith('.js')) scripts.add(new URL(response.url()).pathname);
    });
    await fresh.page.goto(`${suite.harness.server.url}${path}`);
    await fresh.page.getByRole('heading', { level: 1 }).waitFor();
    await fresh.page.evaluate(() => document.fonts.ready);
    let seen = -1;
    while (seen !== scripts.size) {
      seen = scripts.size;
      await fresh.page.waitForTimeout(250);
    }
    await fresh.close();
    const sizes = [...scripts].map(async (script) => gzipSync(await readFile(join(suite.harness.root, script))).length);
    return { scripts: scripts.size, bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
  }

  test('nothing of the fixture is in the build', async () => {
    const names = await readdir(join(suite.harness.root, 'assets'));
    const texts = await Promise.all(names.map((name) => readFile(join(suite.harness.root, 'assets', name), 'utf8')));
    expect(texts.join('')).not.toContain('Ours since 2019');
  });

  test('a scan is three clicks away, and launches the plan that is shown', async () => {
    const { page, open } = tab;
    await open('/about');
    await page.getByRole('button', { name: 'New scan' }).click();
    const dialog = page.getByRole('dialog', { name: 'New scan' });
    await dialog.getByLabel('Targets').fill('10.20.0.0/24, 010.1.2.3');
    await dialog.getByText(/leading zero/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Launch scan' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Targets').fill('10.20.0.0/24');
    await dialog.getByText('256', { exact: true }).waitFor();
    await dialog.getByText(/stateful firewall/).waitFor();
    await dialog.getByText(/measured by 4 earlier scans/).waitFor();
    await dialog.getByText(/about 3 runs/).waitFor();
    await dialog.getByText('a firewall (OPNsense 25.1)').waitFor();
    await dialog.getByText(/found 118 hosts there in scan 11/).waitFor();
    expect(await breaches(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Launch scan' }).click();
    await page.waitForURL('**/scans/12');
  });

  test('a refusal of the platform stands at its field and keeps what was typed', async () => {
    const { page, open } = tab;
    await open('/scans');
    await page.getByRole('heading', { name: 'Scans', level: 1 }).waitFor();
    await page.keyboard.press('n');
    const targets = page.getByRole('dialog', { name: 'New scan' }).getByLabel('Targets');
    await targets.fill('9.9.9.9');
    await page.getByText('9.9.9.9 is not registered.').first().waitFor();
    expect(await targets.inputValue()).toBe('9.9.9.9');
    expect(await targets.getAttribute('aria-invalid')).toBe('true');
  });

  test('lists work by keyboard: j and k move, Enter opens the panel, Escape closes it', async () => {
    const { page, open } = tab;
    await open('/detections');
    await page.getByRole('grid', { name: 'Detections' }).getByRole('row').nth(3).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Detection' });
    await panel.getByRole('region', { name: 'Response' }).waitFor();
    expect(new URL(page.url()).searchParams.get('open')).toBe('2');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
  });

  test('the tab order starts with the skip link and goes through the places', async () => {
    const { page, open } = tab;
    await open('/assets');
    await page.getByRole('heading', { name: 'Assets', level: 1 }).waitFor();
    const order: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      await page.keyboard.press('Tab');
      order.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''));
    }
    expect(order).toEqual(['Skip to content', 'Picket', 'New scan', 'Search Ctrl K', 'Overview', 'Scans']);
  });

  test('the places of a narrow window open and close by keyboard', async () => {
    const { page, open } = tab;
    await page.setViewportSize({ width: 390, height: 844 });
    await open('/assets');
    await page.getByRole('heading', { name: 'Assets', level: 1 }).waitFor();
    const menu = page.getByRole('button', { name: 'Menu' });
    await menu.focus();
    await page.keyboard.press('Enter');
    const scans = page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Scans' });
    await scans.waitFor();
    await scans.focus();
    await page.keyboard.press('Escape');
    await scans.waitFor({ state: 'hidden' });
    expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  test('the palette finds places and assets', async () => {
    const { page, open } = tab;
    await open('/');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search places, actions and assets' }).fill('web-10.');
    await page.getByRole('option', { name: /web-10\./ }).waitFor();
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/assets/10');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  });

  test('filters live in the URL', async () => {
    const { page, open } = tab;
    await open('/detections');
    await page.getByRole('group', { name: 'Severity' }).getByRole('button', { name: 'Critical' }).click();
    await page.waitForURL('**/detections?severity=critical');
    await page.getByText(/^7[0-9] detections$/).waitFor();
    await page.goBack();
    await page.getByText('640 detections').waitFor();
  });

  test('nothing moves under the pointer: what streams in waits behind a pill', async () => {
    const { page, open } = tab;
    await page.addInitScript(() => {
      // The fixture's stream is silent after three findings; this stands in for a late fourth.
      const Native = window.EventSource;
      window.EventSource = class extends Native {
        constructor(url: string | URL) {
          super(url);
          window.addEventListener('late-finding', () => {
            const data = {
              type: 'finding',
              scanId: 12,
              detectionId: 99,
              assetId: 1,
              address: '10.20.0.9',
              severity: 'high',
              name: 'A late finding',
              port: 23,
              protocol: 'tcp',
            };
            this.dispatchEvent(new MessageEvent('finding', { data: JSON.stringify(data) }));
          });
        }
      };
    });
    await open('/scans/12');
    const feed = page.getByRole('list', { name: 'Findings coming in' });
    await feed.getByRole('listitem').nth(2).waitFor();
    await feed.hover();
    await page.evaluate(() => window.dispatchEvent(new Event('late-finding')));
    const pill = page.getByRole('button', { name: '1 new' });
    await pill.waitFor();
    expect(await feed.getByText('A late finding').count()).toBe(0);
    await pill.click();
    await feed.getByText('A late finding').waitFor();
  });

  test('deleting an appliance asks for its name', async () => {
    const { page, open } = tab;
    await open('/appliances?open=2');
    await page.getByRole('complementary', { name: 'Appliance' }).getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete this appliance?' });
    const button = dialog.getByRole('button', { name: 'Delete appliance' });
    await dialog.getByLabel('Type is_branch to confirm').fill('is_branc');
    expect(await button.isDisabled()).toBe(true);
    await dialog.getByLabel('Type is_branch to confirm').fill('is_branch');
    expect(await button.isEnabled()).toBe(true);
    expect(await breaches(page)).toEqual([]);
  });

  test('a lost password is replaced by a one-time password that is shown once', async () => {
    const { page, open } = tab;
    await open('/settings/people?open=2');
    const panel = page.getByRole('complementary', { name: 'Account' });
    await panel.getByRole('button', { name: 'Reset password' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reset the password of reader?' });
    await dialog.getByRole('button', { name: 'Reset password' }).click();
    await dialog.getByText('spare-lantern-5590').waitFor();
    expect(await breaches(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await panel.getByRole('button', { name: 'Reset password' }).click();
    await dialog.getByRole('button', { name: 'Reset password' }).waitFor();
    expect(await page.getByText('spare-lantern-5590').count()).toBe(0);
  });

  test('deleting an account asks for its login; nobody is offered to delete themselves', async () => {
    const { page, open } = tab;
    await open('/settings/people?open=2');
    await page
      .getByRole('complementary', { name: 'Account' })
      .getByRole('button', { name: 'Delete', exact: true })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Delete this account?' });
    expect(await dialog.getByRole('button', { name: 'Delete account' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type reader to confirm').fill('reader');
    expect(await breaches(page)).toEqual([]);
    const sent = tab.sent('DELETE');
    await dialog.getByRole('button', { name: 'Delete account' }).click();
    expect(new URL((await sent).url()).pathname).toBe('/api/v1/accounts/2');
    await dialog.waitFor({ state: 'detached' });
    await open('/settings/people?open=1');
    await page.getByRole('complementary', { name: 'Account' }).getByText('Sample Manager').first().waitFor();
    expect(await page.getByRole('button', { name: 'Delete', exact: true }).count()).toBe(0);
  });

  test('the first run leads from the one-time password to the first scan', async () => {
    const { page, open } = tab;
    suite.harness.server.state.mode = 'first-run';
    suite.harness.server.state.passwordChangeNeeded = true;
    suite.harness.server.state.termsAccepted = false;
    await open('/');
    await page.getByRole('heading', { name: 'Choose your password' }).waitFor();
    expect(await breaches(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Current password' }).fill('one-time');
    await page.getByRole('textbox', { name: 'New password', exact: true }).fill('a long enough sentence');
    await page.getByRole('textbox', { name: 'New password again' }).fill('a long enough sentence');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByRole('checkbox', { name: /accept the licence/ }).check();
    expect(await breaches(page)).toEqual([]);
    await page.getByRole('button', { name: 'Accept terms' }).click();
    await page.getByRole('heading', { name: 'Register your networks' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Connect an appliance' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('Targets').fill('127.0.0.1');
    await page.getByRole('button', { name: 'Launch scan' }).click();
    await page.waitForURL('**/scans/12');
    await page.getByRole('navigation', { name: 'Places' }).waitFor();
  });

  test('a table of ten thousand rows keeps few in the page', async () => {
    const { page, open } = tab;
    await open('/dev/components');
    const grid = page.getByRole('grid', { name: 'Ten thousand rows' });
    await grid.getByRole('row').nth(1).focus();
    await page.keyboard.press('End');
    await grid.getByText('9999').waitFor();
    expect(await grid.getByRole('row').count()).toBeLessThan(60);
  });
});
