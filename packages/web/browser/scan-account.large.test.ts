import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { breaches, canBrowse, type Harness, openPage, startHarness, type Watched } from './browser-harness.ts';

describe.skipIf(!canBrowse)('why a host is missing in Chromium', () => {
  let harness: Harness;
  let watched: Watched;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());
  beforeEach(async () => {
    watched = await openPage(harness.browser);
  });
  afterEach(() => watched.close());

  test('an address that is asked for gets its account; what is no address is said at the field', async () => {
    const { page } = watched;
    await page.goto(`${harness.server.url}/scans/9`);
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
    const { page } = watched;
    await page.goto(`${harness.server.url}/scans/9`);
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
