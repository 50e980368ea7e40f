import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { openPage } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';
import { places } from './places.ts';

/** What a target or a user may have called something: markup, a formula, escape codes of terminals, text that turns round, one endless word. */
const hostile: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '=HYPERLINK("http://192.0.2.1")',
  '\u001B[2J\u001B]0;owned\u0007',
  'a\u202Ecod.exe',
  'W'.repeat(64),
  'javascript:alert(1)',
  '{{7*7}}${7*7}',
];

/** Fields of the API that hold what targets, people and the network said. */
const free = new Set(
  (
    'name title comments detail message hostname banner product version evidence login description summary solution note networkName ' +
    'statusReason value vendor system label cause answer text reason request response raw extra changedBy requestedBy invitedBy actor'
  ).split(' '),
);

/** The value with hostile text in its free fields, one after the other. */
function poison(value: unknown, key = '', count = { n: 0 }): unknown {
  if (Array.isArray(value)) return value.map((one) => poison(one, key, count));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, poison(one, name, count)]));
  if (typeof value !== 'string' || !free.has(key) || isWord(value)) return value;
  count.n += 1;
  return hostile[count.n % hostile.length];
}

/** One of a fixed list, such as a state or an error of the console: programs choose these, and nobody else. */
function isWord(text: string): boolean {
  if (/^(LAN|WAN|PK) /.test(text)) return true;
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);
}

/** Everything that the fixture answers, with hostile text in its free fields. */
async function poisonAnswers(page: Page): Promise<void> {
  await page.route('**/api/v1/**', async (route: Route) => {
    if (route.request().url().includes('/stream')) return route.continue();
    const answer = await route.fetch();
    const type = answer.headers()['content-type'] ?? '';
    if (!type.includes('json')) return route.fulfill({ response: answer });
    return route.fulfill({ response: answer, json: poison(await answer.json()) });
  });
}

describeInChromium('hostile text', (suite) => {
  test('is text on every page: it runs nothing, loads nothing and breaks no layout', async () => {
    const { page, faults, close } = await openPage(suite.harness.browser, { theme: 'light', width: 1440 });
    const found: string[] = [];
    const shown = new Set<string>();
    page.on('dialog', (dialog) => {
      found.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await poisonAnswers(page);
    for (const place of places) {
      suite.harness.server.state.mode = place.mode;
      await page.goto(`${suite.harness.server.url}${place.path}`);
      await page.getByRole('heading').first().waitFor({ state: 'attached' });
      await page.waitForLoadState('load');
      await page.waitForTimeout(150);
      const seen = await page.evaluate(
        (texts) => {
          const content = document.querySelector('main') ?? document.documentElement;
          const made = document.querySelectorAll('img[src="x"], script:not([src]), a[href^="javascript:"]').length;
          const wider = Math.max(
            content.scrollWidth - content.clientWidth,
            document.documentElement.scrollWidth - innerWidth,
          );
          const body = document.body.innerText;
          return {
            made,
            wider,
            unread: /The answer could not be read[^]{0,400}/.exec(body)?.[0] ?? '',
            texts: texts.filter((text) => body.includes(text)),
          };
        },
        hostile.map((text) => text.slice(0, 12)),
      );
      if (seen.made > 0) found.push(`${place.name}: ${seen.made} elements made of text`);
      if (seen.unread !== '') found.push(`${place.name}: ${seen.unread}`);
      if (seen.wider > 1) found.push(`${place.name}: ${seen.wider} px too wide`);
      for (const text of seen.texts) shown.add(text);
      for (const fault of faults.splice(0)) found.push(`${place.name}: ${fault}`);
    }
    await close();
    expect(found).toEqual([]);
    // It was there to be seen: the test is not about empty pages.
    expect(shown.size).toBeGreaterThan(4);
  });
});
