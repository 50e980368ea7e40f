import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const axeSource = createRequire(new URL('../../packages/web/package.json', import.meta.url)).resolve(
  'axe-core/axe.min.js',
);

/** Exact times as the interface writes them end in a zone: `21 Nov 2026, 06:04:40 CET` or `GMT+5:30`; times that are planned have no seconds. */
const zoned = /\d\d:\d\d(?::\d\d)? (?:UTC|CET|CEST|GMT(?:[+-][\d:]+)?)$/;

export interface VisitorOptions {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
}

/** Somebody with a browser session of their own. Everything that goes wrong in their tabs is collected until it is looked at. */
export class Visitor {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #faults: string[] = [];

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.#context = context;
    this.page = page;
    context.on('console', (message) => {
      if (message.type() === 'error') this.#faults.push(`console: ${message.text()}`);
    });
    context.on('weberror', (thrown) => this.#faults.push(`thrown: ${thrown.error().message}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && !['data:', 'blob:'].includes(url.protocol)) this.#faults.push(`asked ${url.href}`);
    });
  }

  static async enter(browser: Browser, origin: string, options: VisitorOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1440, height: 900 },
      colorScheme: options.theme ?? 'light',
      reducedMotion: 'reduce',
      timezoneId: 'Europe/Berlin',
      baseURL: origin,
    });
    context.setDefaultTimeout(30_000);
    // What the security policy stops reaches the console, and so the faults, by its name.
    await context.addInitScript(`document.addEventListener('securitypolicyviolation', (event) =>
      console.error('security policy: ' + event.violatedDirective + ' ' + event.blockedURI));`);
    return new Visitor(context, await context.newPage(), origin);
  }

  /** One more tab of the same session. */
  newTab(): Promise<Page> {
    return this.#context.newPage();
  }

  /** What went wrong since the last call; `expected` are those that the test caused on purpose. */
  takeFaults(expected?: RegExp): string[] {
    const faults = this.#faults.splice(0);
    return expected === undefined ? faults : faults.filter((fault) => !expected.test(fault));
  }

  /** Calls the API as the page does, with its cookie and token; returns the status. */
  status(method: string, path: string, body: unknown): Promise<number> {
    const text = body === undefined ? 'undefined' : JSON.stringify(JSON.stringify(body));
    return this.page.evaluate<number>(`fetch('/api/v1/session').then((answer) => answer.json()).then(({ csrfToken }) =>
      fetch('${path}', { method: '${method}', body: ${text}, headers: { 'content-type': 'application/json', 'x-picket-csrf': csrfToken } })
        .then((answer) => answer.status))`);
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}

/** Breaches of WCAG 2.2 AA on the page as it stands, in light and in dark, one line each. */
export async function breaches(page: Page): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(await readFile(axeSource, 'utf8'));
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' });
    const lines = await page.evaluate<string[]>(`axe
      .run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
      .then((result) => result.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).join(', ') +
        ' ' + one.nodes[0]?.failureSummary?.slice(0, 240)))`);
    found.push(...lines.map((line) => `${colorScheme} ${line}`));
  }
  return found;
}

/** Times on the page that do not name their zone, neither in their text nor on hover. */
export async function timesWithoutZone(page: Page): Promise<string[]> {
  const times = await page.evaluate<string[]>(
    `[...document.querySelectorAll('time')].map((time) => time.title || time.textContent || '')`,
  );
  return times.filter((time) => !zoned.test(time));
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const content = document.querySelector('main') ?? document.documentElement;
    return Math.max(content.scrollWidth - content.clientWidth, document.documentElement.scrollWidth - innerWidth);
  })()`);
}
