import { expect, test } from 'vitest';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('fields of a filter', (suite) => {
  const tab = suite.pageForEachTest();

  test('ask once typing rests, not with every letter', async () => {
    const { page, open } = tab;
    await open('/settings/audit');
    await page.getByText('scan.launch').first().waitFor();
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.endsWith('/audit')) asked.push(searchParams.get('action') ?? '');
    });
    await page.getByLabel('Did what').pressSequentially('scan.launch', { delay: 20 });
    await expect.poll(() => new URL(page.url()).searchParams.get('action')).toBe('scan.launch');
    await expect.poll(() => asked.at(-1)).toBe('scan.launch');
    expect(asked.length).toBeLessThan('scan.launch'.length / 2);
  });

  test('follow the way back of the browser', async () => {
    const { page, open } = tab;
    await open('/detections');
    await page.getByText('640 detections').waitFor();
    const severity = page.getByRole('group', { name: 'Severity' }).getByRole('button', { name: 'Critical' });
    const field = page.getByPlaceholder(/CVE/);
    await severity.click();
    await page.waitForURL('**/detections?severity=critical');
    await field.fill('TLS');
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('TLS');
    await page.goBack();
    await page.goForward();
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('TLS');
    await page.evaluate(() => window.history.go(-1));
    await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBeNull();
    await expect.poll(() => field.inputValue()).toBe('');
    // It stays so: what was typed before does not come back by itself.
    await page.waitForTimeout(500);
    expect(new URL(page.url()).searchParams.get('q')).toBeNull();
  });
});
