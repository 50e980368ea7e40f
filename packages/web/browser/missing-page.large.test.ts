import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('the address of something that is not there', (suite) => {
  suite.inBothThemes((tab) => {
    test.each([
      ['/scans/999', 'scan', 'All scans', '/scans'],
      ['/scans/nothing', 'scan', 'All scans', '/scans'],
      ['/maps/999', 'map', 'All maps', '/maps'],
      ['/assets/99999', 'asset', 'All assets', '/assets'],
      ['/scans/999/compare/998', 'comparison', 'All scans', '/scans'],
    ])('%s is a page that says so, and leads on', async (address, what, link, list) => {
      const { page, open } = tab;
      await open(address);
      await page.getByRole('heading', { level: 1, name: `No such ${what}` }).waitFor();
      expect(await page.title()).toContain(`No such ${what}`);
      expect(await breaches(page)).toEqual([]);
      await page.getByRole('main').getByRole('link', { name: link }).click();
      await expect.poll(() => new URL(page.url()).pathname).toBe(list);
    });
  });
});
