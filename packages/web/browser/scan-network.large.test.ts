import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('the networks that an appliance scans', (suite) => {
  const tab = suite.pageForEachTest();

  test('are set by keyboard alone: a wrong VLAN is named at its field, and what was saved is shown with its state', async () => {
    const { page, faults, open } = tab;
    await open('/appliances?open=1');
    const button = page
      .getByRole('complementary', { name: 'Appliance' })
      .getByRole('button', { name: 'VLANs and routes' });
    await button.focus();
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
    await button.focus();
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
  });

  test('are not offered where they are switched off, and IPv6 alone has its own name', async () => {
    const { page, faults, open } = tab;
    const switchTo = async (features: object) => {
      const url = `${suite.harness.server.url}/api/v1/features`;
      expect((await page.request.patch(url, { data: features })).status()).toBe(200);
      await open('/appliances?open=2');
    };
    const panel = page.getByRole('complementary', { name: 'Appliance' });
    const edit = panel.getByRole('button', { name: 'Edit' });
    await switchTo({ vlans: false });
    await panel.getByRole('button', { name: 'IPv6 for scanning' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('IPv6 for scanning on LAN').first().waitFor();
    expect(await dialog.getByLabel('VLANs, one a line').count()).toBe(0);
    expect(await breaches(page)).toEqual([]);
    await switchTo({ ipv6: false });
    await edit.waitFor();
    expect(await panel.getByRole('button', { name: /VLANs|IPv6/ }).count()).toBe(0);
    await switchTo({ vlans: true });
    await panel.getByRole('button', { name: 'VLANs and routes' }).click();
    await dialog.getByLabel('VLANs, one a line').waitFor();
    expect(await dialog.getByText('IPv6 for scanning on LAN').count()).toBe(0);
    await switchTo({ ipv6: true });
    expect(faults).toEqual([]);
  });

  test('the network doctor is asked from the panel, and its report stands there with what it warns of', async () => {
    const { page, faults, open } = tab;
    await open('/appliances?open=1');
    const doctor = page.getByRole('region', { name: 'Network doctor' });
    await doctor.getByText('not asked yet').waitFor();
    await doctor.getByRole('button', { name: 'Examine' }).click();
    await doctor.getByRole('button', { name: 'Examine again' }).waitFor();
    const rows = await doctor.getByRole('row').allInnerTexts();
    expect(rows).toHaveLength(10);
    expect(rows[8]).toMatch(/Clock\s+▲ warning\s+93 s behind/);
    expect(rows[5]).toMatch(/Proxy\s+– not used/);
    expect(await breaches(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('network errors stand in the panel with both codes and their times, newest first', async () => {
    const { page, faults, open } = tab;
    await page.emulateMedia({ colorScheme: 'dark' });
    await open('/appliances?open=1');
    const errors = page.getByRole('region', { name: 'Network errors' });
    await errors.getByText('06 LAN DNS failed').waitFor();
    const rows = await errors.getByRole('row').allInnerTexts();
    expect(rows[0]?.split(/\t/)).toEqual(['Error', 'E-code', 'Since, and over']);
    expect(rows[1]).toMatch(/PK con timeout\s+COMMUNICATION FAILURE\s+E06\s/);
    expect(rows[2]).toMatch(/06 LAN DNS failed\s+E05\s+.*\d.*end not told yet/s);
    expect(rows[3]).toMatch(/13 LAN no CARRIER\s+E10\s/);
    expect(rows).toHaveLength(6);
    // All of it is within the panel.
    expect(await errors.evaluate((section) => section.scrollWidth <= section.clientWidth)).toBe(true);
    await errors.getByRole('button', { name: 'Show all 7' }).click();
    expect(await errors.getByRole('row').count()).toBe(8);
    expect(await breaches(page)).toEqual([]);
    await open('/appliances?open=2');
    await page.getByRole('region', { name: 'Network errors' }).getByText('none told').waitFor();
    expect(faults).toEqual([]);
  });
});
