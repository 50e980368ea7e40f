import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('a scan of which nothing was scanned', (suite) => {
  suite.inBothThemes((tab) => {
    test('says why, shows no zero as a result, and leads to the exclusions', async () => {
      const { page, faults, open } = tab;
      await open('/scans/5');
      await page.getByRole('heading', { name: 'Presses' }).waitFor();
      await page.getByText('Incomplete', { exact: true }).waitFor();
      await page.getByText('Nothing was scanned to the end').waitFor();
      const figures = page.locator('main .pk-card').filter({ hasText: /^not scanned/ });
      await expect
        .poll(() => figures.allInnerTexts().then((texts) => texts.map((text) => text.split(/\s*\n\s*/))))
        .toEqual([
          ['not scanned', 'progress'],
          ['not scanned', 'hosts up'],
          ['not scanned', 'open ports'],
          ['not scanned', 'findings'],
        ]);
      expect(await figures.evaluateAll((all) => all.every((one) => one.scrollWidth <= one.clientWidth))).toBe(true);
      for (const phase of ['Discovery', 'Ports', 'Services', 'Checks']) {
        await page.getByRole('img', { name: `${phase}: not scanned` }).waitFor();
      }
      expect(await page.getByText('waiting', { exact: true }).count()).toBe(0);
      await page.getByText('Whether a host is there is not known').waitFor();
      expect(await page.getByText('No address has answered').count()).toBe(0);
      expect(await breaches(page)).toEqual([]);

      await page.getByRole('tab', { name: 'Progress' }).click();
      await page.getByRole('heading', { name: 'Not scanned' }).waitFor();
      await page.getByText('Nothing was left to evaluate').waitFor();
      expect(await page.getByText('Hosts appear here').count()).toBe(0);
      await page.getByText('256 addresses were excluded after the launch').waitFor();
      expect(await breaches(page)).toEqual([]);
      await page.getByRole('tab', { name: 'Findings' }).click();
      await page.getByText('No check ran to its end').waitFor();
      expect(await page.getByText('found a weakness').count()).toBe(0);

      await page.getByRole('alert').getByRole('link', { name: 'Exclusions' }).click();
      await page.getByRole('heading', { name: 'Exclusions' }).waitFor();
      expect(faults).toEqual([]);
    });

    test('has no zeros in the list of scans either', async () => {
      const { page, open } = tab;
      await open('/scans');
      const row = page.getByRole('grid', { name: 'Scans' }).getByRole('row').filter({ hasText: 'Presses' });
      await row.waitFor();
      expect(await row.getByTitle('not scanned').count()).toBe(2);
      expect(await breaches(page)).toEqual([]);
    });
  });

  const tab = suite.pageForEachTest();

  test('is not what a scan without a finding, or one that still waits, looks like', async () => {
    const { page, open } = tab;
    await open('/scans/8?tab=progress');
    await page.getByRole('heading', { name: 'New servers' }).waitFor();
    await page.getByText('none so far').waitFor();
    await page.getByText('packets: none reported yet').waitFor();
    await page.getByText('Hosts appear here as discovery finds them.').waitFor();
    expect(await page.getByText('not scanned').count()).toBe(0);
  });
});
