import type { Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import { canBrowse, type Harness, openPage, startHarness, type Watched } from './browser-harness.ts';

/** What the tests of a suite share. */
export interface Suite {
  /** The build, its server and the browser: there while tests run. */
  readonly harness: Harness;
  /** Opens a page before each test of the `describe` that surrounds the call, and closes it after. */
  pageForEachTest(theme?: 'light' | 'dark'): TestPage;
  /** The same tests with a light and with a dark page. */
  inBothThemes(tests: (page: TestPage) => void): void;
}

/** The page of the test that runs; take its parts inside the test. */
export interface TestPage {
  readonly page: Page;
  /** Errors on the console, refused by the security policy, or thrown. */
  readonly faults: string[];
  /** Goes to a path of the interface. */
  open(path: string): Promise<unknown>;
  /** The next request of this method, perhaps to this path of the API alone. Ask for it before what sends it. */
  sent(method: string, path?: string): Promise<Request>;
}

/** Tests over one fresh build in one browser; skipped where there is no browser. */
export function describeInChromium(title: string, tests: (suite: Suite) => void): void {
  describe.skipIf(!canBrowse)(`${title} in Chromium`, () => {
    let started: Harness | null = null;
    beforeAll(async () => {
      started = await startHarness();
    });
    afterAll(() => started?.close());
    const harness = () => there(started);
    tests({
      get harness() {
        return harness();
      },
      pageForEachTest: (theme = 'light') => pageForEachTest(harness, theme),
      inBothThemes(each) {
        for (const theme of ['light', 'dark'] as const) {
          describe(theme, () => {
            each(pageForEachTest(harness, theme));
          });
        }
      },
    });
  });
}

function pageForEachTest(harness: () => Harness, theme: 'light' | 'dark'): TestPage {
  let watched: Watched | null = null;
  beforeEach(async () => {
    watched = await openPage(harness().browser, { theme });
  });
  afterEach(() => watched?.close());
  return {
    get page() {
      return there(watched).page;
    },
    get faults() {
      return there(watched).faults;
    },
    open: (path) => there(watched).page.goto(`${harness().server.url}${path}`),
    sent: (method, path) =>
      there(watched).page.waitForRequest(
        (request) =>
          request.method() === method && (path === undefined || new URL(request.url()).pathname === `/api/v1${path}`),
      ),
  };
}

function there<T>(value: T | null): T {
  if (value === null) throw new Error('this is there only while a test runs');
  return value;
}
