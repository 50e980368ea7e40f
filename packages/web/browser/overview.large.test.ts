import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('the overview', (suite) => {
  const tab = suite.pageForEachTest();

  test('leads from a number to the list that it counts', async () => {
    const { page, faults, open } = tab;
    await open('/');
    await page.getByRole('link', { name: /^71\s*could not be tested/ }).click();
    await page.getByText('71 detections', { exact: true }).waitFor();
    const grid = page.getByRole('grid', { name: 'Detections' });
    const rows = await grid.getByRole('row').allInnerTexts();
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.slice(1).filter((row) => !row.includes('Not evaluable'))).toEqual([]);
    expect(await breaches(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove this filter' }).click();
    await page.getByText('640 detections', { exact: true }).waitFor();

    await open('/');
    await page.getByRole('link', { name: /^17\s*new in 7 days/ }).click();
    await page.getByText('17 detections', { exact: true }).waitFor();
    await page.getByText(/^First seen since .* UTC$/).waitFor();
    // Two that one check found at one port are told apart.
    await grid.getByText('/backup.tar.gz').waitFor();
    expect(faults).toEqual([]);
  });

  test('stops everything by keyboard: the reason is asked for first', async () => {
    const { page, open, sent } = tab;
    await open('/');
    await page.getByRole('button', { name: 'Stop all' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Stop all scanning?' });
    const reason = dialog.getByLabel('Reason');
    await reason.waitFor();
    await expect.poll(() => reason.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('The plant called');
    await page.keyboard.press('Tab');
    await page.keyboard.type('stop all');
    const [request] = await Promise.all([sent('POST', '/stop-all'), page.keyboard.press('Enter')]);
    expect(request.postDataJSON()).toEqual({ action: 'pause', reason: 'The plant called' });
    // A list takes the room below the banner, and no more.
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('status', { name: 'Stop all is in force' }).getByText('“The plant called”.').waitFor();
    await open('/assets');
    await page.getByRole('grid', { name: 'Assets' }).getByRole('row').nth(20).waitFor();
    const main = page.getByRole('main');
    expect(await main.evaluate((content) => content.scrollHeight - content.clientHeight)).toBe(0);
    await page
      .getByRole('status', { name: 'Stop all is in force' })
      .getByRole('button', { name: 'Lift the hold' })
      .click();
    const lift = page.getByRole('dialog', { name: 'Let scans run again?' });
    await lift.getByLabel('Type lift to confirm').fill('lift');
    await lift.getByRole('button', { name: 'Lift the hold' }).click();
    await page.getByRole('status', { name: 'Stop all is in force' }).waitFor({ state: 'detached' });
  });
});
