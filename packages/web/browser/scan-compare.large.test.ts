import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('comparing scans', (suite) => {
  const tab = suite.pageForEachTest();

  test('two picked scans are compared, the older one as the earlier side, and filtered', async () => {
    const { page, open } = tab;
    await open('/scans');
    const grid = page.getByRole('grid', { name: 'Scans' });
    await grid.getByRole('checkbox', { name: /Branch printers/ }).click();
    expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true);
    await grid.getByRole('checkbox', { name: /Cancelled by hand/ }).click();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.waitForURL('**/scans/9/compare/7');
    await page.getByText('The two scans had other addresses or ports.').waitFor();
    await page.getByRole('tab', { name: 'Findings' }).click();
    const found = page.getByRole('grid', { name: 'Differences of findings' });
    await found.getByText('Fixed').waitFor();
    await page.getByRole('button', { name: 'Not tested this time 1' }).click();
    await found.getByText('Fixed').waitFor({ state: 'detached' });
    const untested = found.getByText('Not tested this time');
    await untested.waitFor();
    expect(await untested.getAttribute('aria-description')).toMatch(/\w{4}/);
    expect(await breaches(page)).toEqual([]);
    expect(await page.getByRole('link', { name: 'All as CSV' }).getAttribute('href')).toBe(
      '/api/v1/scans/9/compare/7/export',
    );
  });

  test('a scan leads to the comparison with the run before, and says when nothing is different', async () => {
    const { page, open } = tab;
    await open('/scans/11');
    await page.getByRole('link', { name: 'Compare with previous run' }).click();
    await page.waitForURL('**/scans/11/compare/9');
    await page.getByText('Both scans say the same here.').waitFor();
    expect(await breaches(page)).toEqual([]);
  });
});
