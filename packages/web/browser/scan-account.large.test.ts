import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

describeInChromium('why a host is missing', (suite) => {
  const tab = suite.pageForEachTest();

  test('an address that is asked for gets its account; what is no address is said at the field', async () => {
    const { page, open } = tab;
    await open('/scans/9');
    const field = page.getByLabel('Why is an address missing?');
    await field.fill('010.20.9.9');
    await field.press('Enter');
    await page.getByText('Write one address').waitFor();
    await field.fill('10.20.9.9');
    await field.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Account of a host' });
    await panel.getByText('the window ended before its block was through').waitFor();
    await panel.getByText('an appliance that you do not see').waitFor();
    await panel.getByText('TCP connections tried to ports 22, 80, 443, 445: 1380.').waitFor();
    await panel.getByText('61 addresses not asked to the end: the window ended.').waitFor();
    await panel.getByText('not known to be tested').waitFor();
    expect(new URL(page.url()).searchParams.get('why')).toBe('10.20.9.9');
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
  });

  test('a host of the list tells how it was found and which ports were not tested', async () => {
    const { page, open } = tab;
    await open('/scans/9');
    const grid = page.getByRole('grid', { name: 'Hosts found' });
    await grid.getByRole('row').nth(1).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Account of a host' });
    await panel.getByText('It is there: it answered with syn-ack on port 443.').waitFor();
    await panel.getByText('901-1000').waitFor();
    expect(await breaches(page)).toEqual([]);
  });
});
