import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('exclusions', (suite) => {
  suite.inBothThemes((tab) => {
    test('addresses are excluded with a reason, and lifted by their number', async () => {
      const { page, faults, open, sent } = tab;
      await open('/settings/exclusions');
      await page.getByRole('button', { name: 'Exclude addresses' }).click();
      const dialog = page.getByRole('dialog', { name: 'Exclude addresses' });
      const save = dialog.getByRole('button', { name: 'Exclude' });
      await dialog.getByLabel('Never scan').fill('10.20.0.300');
      await dialog.getByText('is not an address').waitFor();
      expect(await save.isDisabled()).toBe(true);
      await dialog.getByLabel('Never scan').fill('10.20.9.0/24, plc.example.org');
      await dialog.getByLabel('Reason').fill('Presses');
      expect(await breaches(page)).toEqual([]);
      const posted = sent('POST');
      await dialog.getByLabel('Reason').press('Tab');
      await save.press('Enter');
      expect((await posted).postDataJSON()).toEqual({ targets: '10.20.9.0/24, plc.example.org', reason: 'Presses' });
      await dialog.waitFor({ state: 'detached' });

      await page.getByRole('row', { name: /time\.example\.org/ }).click();
      const panel = page.getByRole('complementary', { name: 'Exclusion' });
      await panel.getByText('Asked for by its operator').waitFor();
      await panel.getByRole('button', { name: 'Lift' }).click();
      const question = page.getByRole('dialog', { name: 'Lift this exclusion?' });
      await question.getByLabel('Type 2 to confirm').fill('2');
      expect(await breaches(page)).toEqual([]);
      const deleted = sent('DELETE');
      await question.getByRole('button', { name: 'Lift exclusion' }).click();
      expect(new URL((await deleted).url()).pathname).toBe('/api/v1/exclusions/2');
      expect(faults).toEqual([]);
    });
  });
});
