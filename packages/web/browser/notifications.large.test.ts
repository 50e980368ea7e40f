import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('notifications', (suite) => {
  const tab = suite.pageForEachTest();

  test('a webhook is edited by keyboard alone, and the focus is back at the button after it', async () => {
    const { page, faults, open } = tab;
    await open('/settings/notifications');
    const edit = page.getByRole('region', { name: 'Chat' }).getByRole('button', { name: 'Edit' });
    await edit.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Edit Chat' });
    const name = dialog.getByLabel('Name');
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await dialog.getByLabel('URL').inputValue()).toBe('https://chat.example.org/hooks/picket');
    const failed = dialog.getByRole('checkbox', { name: 'A scan or map failed' });
    await failed.focus();
    await page.keyboard.press('Space');
    expect(await breaches(page)).toEqual([]);
    const sent = tab.sent('PATCH', '/webhooks/1');
    await name.focus();
    await page.keyboard.press('Enter');
    expect((await sent).postDataJSON()).toEqual({
      name: 'Chat',
      url: 'https://chat.example.org/hooks/picket',
      caPem: null,
      kinds: ['appliance.offline', 'appliance.back', 'scan.error'],
    });
    await dialog.waitFor({ state: 'detached' });
    expect(await edit.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(faults).toEqual([]);
  });
});
