import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { breaches } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';

/** A page that is one list, and one thing on it that may be changed and deleted. */
interface ListVisit {
  readonly path: string;
  /** The button that makes a new one, and the dialog behind it. */
  readonly add: string;
  /** What the URL calls that dialog. */
  readonly made: string;
  readonly what: string;
  readonly name: string;
  /** Where the thing is in the API. */
  readonly api: string;
}

function list(path: string, add: string, made: string, thing: readonly [what: string, name: string, api: string]) {
  const [what, name, api] = thing;
  return { path, add, made, what, name, api } satisfies ListVisit;
}

const lists: readonly ListVisit[] = [
  list('/settings/networks', 'Register network', 'network', ['network', 'Branch', '/networks/2']),
  list('/settings/windows', 'New window', 'window', ['window', 'Nights', '/windows/1']),
  list('/settings/business-units', 'New business unit', 'unit', [
    'business unit',
    'Plant Hamburg',
    '/business-units/1',
  ]),
  list('/settings/asset-groups', 'New asset group', 'group', ['asset group', 'Hamburg offices', '/asset-groups/2']),
  list('/assets/tags', 'New tag', 'tag', ['tag', 'Fragile', '/tags/1']),
  list('/scans/schedules', 'New schedule', 'schedule', ['schedule', 'Branch, hourly map', '/schedules/2']),
];

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

describeInChromium('pages of lists', (suite) => {
  const tab = suite.pageForEachTest();

  test('a link to what is not in the list says so', async () => {
    const { page, open } = tab;
    await open('/settings/networks?open=77');
    const panel = page.getByRole('complementary', { name: 'Not in this list' });
    await panel.getByText(/a filter hides, that is gone/).waitFor();
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
  });

  for (const one of lists) {
    test(`${one.path}: a new one, the panel, a change and the question before deleting, by keyboard`, async () => {
      const { page, faults, open, sent } = tab;
      const search = () => new URL(page.url()).search;
      await open(one.path);
      await page.getByRole('button', { name: one.add }).press('Enter');
      const making = page.getByRole('dialog', { name: one.add });
      await making.getByRole('textbox').first().waitFor();
      expect(search()).toBe(`?new=${one.made}`);
      // What is typed is not lost by a click beside the dialog.
      await page.mouse.click(4, 4);
      await making.getByRole('textbox').first().fill('typed');
      await page.keyboard.press('Escape');
      await making.waitFor({ state: 'detached' });
      expect(search()).toBe('');
      await expect.poll(() => focused(page)).toBe(one.add);

      await page.getByRole('row', { name: new RegExp(one.name) }).press('Enter');
      const panel = page.getByRole('complementary', { name: new RegExp(one.what, 'i') });
      await panel.getByRole('button', { name: 'Edit' }).press('Enter');
      const changing = page.getByRole('dialog', { name: `Edit ${one.name}` });
      await changing.getByRole('textbox').first().waitFor();
      await changing.getByRole('button', { name: 'Close' }).press('Enter');
      await changing.waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toBe('Edit');

      await panel.getByRole('button', { name: 'Delete' }).press('Enter');
      const question = page.getByRole('dialog', { name: `Delete this ${one.what}?` });
      const typed = question.getByLabel(`Type ${one.name} to confirm`);
      await typed.fill(one.name.slice(1));
      expect(await question.getByRole('button', { name: `Delete ${one.what}` }).isDisabled()).toBe(true);
      await typed.fill(one.name);
      expect(await breaches(page)).toEqual([]);
      await Promise.all([sent('DELETE', one.api), typed.press('Enter')]);
      await panel.waitFor({ state: 'detached' });
      expect(search()).toBe('');
      expect(faults).toEqual([]);
    });
  }

  for (const path of [
    '/assets/tags?new=tag',
    '/settings/networks?new=network',
    '/settings/people?new=account',
    '/appliances?new=virtual',
  ] as const) {
    test(`${path}: a Reader who follows the link sees the list, and no form`, async () => {
      const { page, faults, open } = tab;
      await page.route('**/api/v1/session', async (route) => {
        const response = await route.fetch();
        const session = await response.json();
        await route.fulfill({ response, json: { ...session, user: { ...session.user, role: 'reader' } } });
      });
      await open(path);
      await page.getByRole('row').nth(1).waitFor();
      // One that is asked for later is there, alone.
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      expect(await page.getByRole('dialog').count()).toBe(1);
      expect(faults).toEqual([]);
    });
  }
});
