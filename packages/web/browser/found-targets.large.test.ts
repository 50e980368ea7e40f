import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('tags, targets of maps and appliances of groups', (suite) => {
  suite.inBothThemes((tab) => {
    test('a tag by rule is made, and one by hand is given to picked assets', async () => {
      const { page, open, sent } = tab;
      await open('/assets');
      await page.getByRole('link', { name: 'Tags' }).click();
      await page.getByRole('button', { name: 'New tag' }).click();
      const dialog = page.getByRole('dialog', { name: 'New tag' });
      await dialog.getByLabel('Name').fill('Printers');
      await dialog.getByText('By a rule').click();
      await dialog.getByLabel('Open port').fill('9100');
      await dialog.getByLabel('Protocol').selectOption('tcp');
      expect(await breaches(page)).toEqual([]);
      const posted = sent('POST');
      await dialog.getByLabel('Product').press('Enter');
      expect((await posted).postDataJSON()).toMatchObject({
        name: 'Printers',
        rule: { port: 9100, protocol: 'tcp' },
      });

      await open('/assets?tagId=1');
      const rows = page.getByRole('table', { name: 'Assets' }).or(page.getByRole('grid', { name: 'Assets' }));
      await rows.getByRole('row').nth(1).focus();
      await page.keyboard.press('x');
      await page.getByRole('button', { name: 'Tag', exact: true }).click();
      const tagging = page.getByRole('dialog', { name: 'Tag 1 asset' });
      await tagging.waitFor();
      expect(await tagging.getByRole('option').allTextContents()).toEqual(['Fragile']);
      expect(await breaches(page)).toEqual([]);
      const given = sent('POST');
      await tagging.getByRole('button', { name: 'Give it' }).click();
      expect(new URL((await given).url()).pathname).toBe('/api/v1/tags/1/assets');
      await tagging.waitFor({ state: 'detached' });
    });

    test('the appliances of an asset group run a scan', async () => {
      const { page, open } = tab;
      await open('/about');
      await page.getByRole('button', { name: 'New scan' }).click();
      const dialog = page.getByRole('dialog', { name: 'New scan' });
      await dialog.getByLabel('Targets').fill('10.20.0.0/24');
      await dialog.getByRole('button', { name: 'Exclusions, ports, appliances, windows and options' }).click();
      const ways = dialog.getByRole('combobox', { name: 'Appliances' });
      await ways.selectOption('Only these');
      await dialog.getByRole('checkbox', { name: 'is_headoffice' }).waitFor();
      await ways.selectOption('All of asset groups that serve the network');
      const asked = page.waitForRequest(
        (request) => request.url().endsWith('/plans') && request.postDataJSON().applianceGroupIds !== undefined,
      );
      await dialog
        .getByRole('group', { name: 'Appliances of these asset groups' })
        .getByRole('checkbox', { name: 'Hamburg offices' })
        .check();
      expect((await asked).postDataJSON()).toMatchObject({ applianceIds: [], applianceGroupIds: [2] });
      expect(await breaches(page)).toEqual([]);
    });

    test('the hosts of a map, and tags, are targets of a new scan', async () => {
      const { page, open } = tab;
      await open('/maps/10');
      await page.getByRole('button', { name: 'Scan these hosts' }).click();
      const dialog = page.getByRole('dialog', { name: 'New scan' });
      await dialog.getByText('All hosts of map 10').waitFor();
      const asked = page.waitForRequest(
        (request) => request.url().endsWith('/plans') && request.postDataJSON().tagIds !== undefined,
      );
      await dialog.getByRole('checkbox', { name: 'SSH on Linux' }).check();
      expect((await asked).postDataJSON()).toMatchObject({
        targets: '',
        tagIds: [2],
        fromMap: { id: 10, networks: [] },
      });
      await dialog.getByRole('region', { name: 'Plan' }).getByText('is_headoffice').waitFor();
      expect(await breaches(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Leave them out' }).click();
      expect(await dialog.getByText('All hosts of map 10').count()).toBe(0);
      await page.keyboard.press('Escape');

      await open('/maps/10?tab=networks');
      await page.getByRole('checkbox', { name: /10\.20\.0\.0\/24/ }).check();
      await page.getByRole('button', { name: 'Scan 1 network' }).click();
      expect(await page.getByRole('dialog', { name: 'New scan' }).getByLabel('Targets').inputValue()).toBe(
        '10.20.0.0/24',
      );
    });
  });
});
