import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { breaches, openPage } from './browser-harness.ts';
import { describeInChromium } from './describe-in-chromium.ts';
import { places } from './places.ts';

describeInChromium('every page', (suite) => {
  for (const theme of ['light', 'dark'] as const) {
    for (const width of theme === 'light' ? [1440, 1024, 360] : [1440, 360]) {
      test(`keeps WCAG AA, the security policy and its width, ${theme}, ${width} px`, async () => {
        const { page, faults, close } = await openPage(suite.harness.browser, { theme, width });
        const found: string[] = [];
        for (const place of places) {
          suite.harness.server.state.mode = place.mode;
          await page.goto(`${suite.harness.server.url}${place.path}`);
          await page.getByRole('heading', { name: place.heading, exact: true }).first().waitFor({ state: 'attached' });
          await page.getByText(place.shows).or(page.getByLabel(place.shows)).first().waitFor({ state: 'attached' });
          for (const breach of await breaches(page)) found.push(`${place.name}: ${breach}`);
          const wider = await page.evaluate(() => {
            const content = document.querySelector('main') ?? document.documentElement;
            return Math.max(
              content.scrollWidth - content.clientWidth,
              document.documentElement.scrollWidth - innerWidth,
            );
          });
          if (wider > 1) found.push(`${place.name}: ${wider} px too wide`);
          for (const name of await tooWide(page)) found.push(`${place.name}: wider than its box: ${name}`);
          for (const fault of faults.splice(0)) found.push(`${place.name}: ${fault}`);
        }
        await close();
        expect(found).toEqual([]);
      });
    }
  }
});

/** Dialogs, panels and tables whose content does not fit in them: what is cut off at an edge is not missed by whoever reads. */
function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('[role="dialog"], [role="dialog"] section, [role="grid"], aside > div')]
      .filter((box) => box.scrollWidth > box.clientWidth + 1)
      .map((box) => box.getAttribute('aria-label') ?? box.textContent.slice(0, 40)),
  );
}
