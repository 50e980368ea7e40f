import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { breaches, canBrowse, type Harness, openPage, startHarness } from './browser-harness.ts';

describe.skipIf(!canBrowse)('the networks that an appliance scans, in Chromium', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());

  test('are set by keyboard alone: a wrong VLAN is named at its field, and what was saved is shown with its state', async () => {
    const { page, faults, close } = await openPage(harness.browser, { theme: 'light', width: 1440 });
    await page.goto(`${harness.server.url}/appliances?open=1`);
    const open = page
      .getByRole('complementary', { name: 'Appliance' })
      .getByRole('button', { name: 'VLANs and routes' });
    await open.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Networks that is_headoffice scans' });
    await dialog.getByText('Nothing is set').waitFor();
    const vlans = dialog.getByLabel('VLANs, one a line');
    const routes = dialog.getByLabel('Static routes, one a line');
    await expect.poll(() => vlans.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('5000, Printers, 10.20.0.9/24, auto');
    await page.keyboard.press('Tab');
    expect(await routes.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('10.30.0.0/16, 10.20.0.1, 20');
    const save = dialog.getByRole('button', { name: 'Save' });
    await save.focus();
    await page.keyboard.press('Enter');
    const fault = dialog.getByText(/4094/).last();
    await fault.waitFor();
    expect(await vlans.getAttribute('aria-invalid')).toBe('true');
    expect(await vlans.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await breaches(page)).toEqual([]);

    await vlans.fill('20, Printers, 10.20.0.9/24, auto');
    await save.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await open.focus();
    await page.keyboard.press('Enter');
    await dialog.getByText('The appliance takes this over at its next poll').waitFor();
    await dialog.getByText(/1 VLAN, 1 route; changed by manager/).waitFor();
    expect([await vlans.inputValue(), await routes.inputValue()]).toEqual([
      '20, Printers, 10.20.0.9/24, auto',
      '10.30.0.0/16, 10.20.0.1, 20',
    ]);
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
    await close();
  });
});
