import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('updates', (suite) => {
  const tab = suite.pageForEachTest();

  test('an appliance shows its versions, updates now, and takes a time of day', async () => {
    const { page, faults, open } = tab;
    await open('/appliances?open=1');
    const panel = page.getByRole('complementary', { name: 'Appliance' });
    await panel.getByText('downloading 0.2.0: 40 %').waitFor();
    await panel.getByText('daily at 03:17 UTC').waitFor();
    const now = panel.getByRole('button', { name: 'Update now' });
    await now.focus();
    await page.keyboard.press('Enter');
    await panel.getByText('asked for').waitFor();
    const time = panel.getByLabel('Time of updates, UTC');
    await time.fill('04:30');
    await page.keyboard.press('Enter');
    await panel.getByText('daily at 04:30 UTC').waitFor();
    expect(await breaches(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('a release is published from a file, a wrong file is named, and one is withdrawn by its name', async () => {
    const { page, faults, open } = tab;
    await open('/settings/releases?open=2');
    await page.getByRole('button', { name: 'Publish release' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish release' });
    const send = dialog.getByRole('button', { name: 'Publish', exact: true });
    expect(await send.isDisabled()).toBe(true);
    const file = dialog.locator('input[type=file]');
    await file.setInputFiles({ name: 'x.bundle', mimeType: '', buffer: Buffer.from('no bundle') });
    await send.click();
    await dialog.getByText('This is no release bundle.').waitFor();
    expect(await breaches(page)).toEqual([]);
    // The refusal is what was wanted here; the browser counts it as a fault.
    faults.splice(0);
    await file.setInputFiles({ name: 'x.bundle', mimeType: '', buffer: Buffer.from('a bundle') });
    await send.click();
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('complementary', { name: 'Release' }).getByRole('button', { name: 'Withdraw' }).click();
    const asked = page.getByRole('dialog', { name: 'Withdraw this release?' });
    const yes = asked.getByRole('button', { name: 'Withdraw' });
    expect(await yes.isDisabled()).toBe(true);
    await asked.getByLabel('Type 0.2.0 to confirm').fill('0.2.0');
    await yes.click();
    await asked.waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });
});
