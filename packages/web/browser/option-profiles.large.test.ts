import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('option profiles', (suite) => {
  suite.inBothThemes((tab) => {
    test('a built-in one is copied, a saved one is changed, and one that a schedule uses is kept', async () => {
      const { page, open, sent } = tab;
      await open('/scans');
      await page.getByRole('link', { name: 'Option profiles' }).click();
      await page.getByRole('row', { name: /Normal/ }).click();
      const panel = page.getByRole('complementary', { name: 'Option profile' });
      await panel.getByText('built in, for everybody').waitFor();
      expect(await panel.getByRole('button', { name: 'Edit' }).count()).toBe(0);
      await panel.getByRole('button', { name: 'Copy' }).press('Enter');
      const copy = page.getByRole('dialog', { name: 'Copy Normal' });
      await copy.getByLabel('Name').fill('Printers');
      await copy.getByLabel('Intensity').selectOption('gentle');
      await copy.getByLabel('Packets a second').fill('50');
      await copy.getByLabel('Ports').fill('9100');
      await copy.getByLabel('Run checks').uncheck();
      expect(await breaches(page)).toEqual([]);
      const posted = sent('POST');
      await copy.getByRole('button', { name: 'Save as new profile' }).click();
      expect((await posted).postDataJSON()).toEqual({
        name: 'Printers',
        options: {
          ports: '9100',
          profile: 'gentle',
          rate: 50,
          assumeAlive: false,
          services: true,
          checks: false,
          intrusive: false,
        },
      });
      await page.getByRole('complementary', { name: 'Option profile' }).getByText('at most 50/s').waitFor();
      await panel.getByRole('button', { name: 'Delete' }).click();
      const question = page.getByRole('dialog', { name: 'Delete this option profile?' });
      await question.getByLabel('Type Printers to confirm').fill('Printers');
      await question.getByRole('button', { name: 'Delete option profile' }).click();
      await question.getByText('is used by schedules: "Branch nights"').waitFor();
      expect(await breaches(page)).toEqual([]);
    });

    test('a scan is launched with a saved one by its id, and with own options after a change', async () => {
      const { page, open } = tab;
      await open('/about');
      await page.getByRole('button', { name: 'New scan' }).click();
      const dialog = page.getByRole('dialog', { name: 'New scan' });
      await dialog.getByLabel('Targets').fill('10.20.0.0/24');
      const asked = (id: number | undefined) =>
        page.waitForRequest(
          (request) => request.url().endsWith('/plans') && request.postDataJSON().optionProfileId === id,
        );
      const profiled = asked(101);
      await dialog.getByLabel('Options').selectOption('Printers');
      expect((await profiled).postDataJSON()).toMatchObject({
        ports: '80,443,631,9100',
        profile: 'gentle',
        rate: 50,
      });
      expect(await breaches(page)).toEqual([]);
      const own = asked(undefined);
      await dialog.getByRole('radio', { name: /Fast/ }).check();
      expect((await own).postDataJSON()).toMatchObject({ ports: '80,443,631,9100', profile: 'fast' });
      expect(await dialog.getByLabel('Options').inputValue()).toBe('');
    });
  });
});
