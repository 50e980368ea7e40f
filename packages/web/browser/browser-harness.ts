import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type Axe from 'axe-core';
import { build } from 'vite';
import { type DevServer, startDevServer } from '../src/dev/dev-server.ts';

/** Debian's browser; the tests are skipped where it is missing. */
export const chromiumPath = '/usr/bin/chromium';
export const canBrowse = existsSync(chromiumPath);

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A fresh build, served with sample data, and a browser before it. */
export interface Harness {
  readonly root: string;
  readonly server: DevServer;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** Builds the interface into a temporary folder, serves it on the loopback interface and starts the browser. */
export async function startHarness(): Promise<Harness> {
  const root = await mkdtemp(join(tmpdir(), 'picket-web-'));
  // The test runner's own value would build React's development version.
  process.env.NODE_ENV = 'production';
  await build({
    root: fileURLToPath(new URL('..', import.meta.url)),
    logLevel: 'error',
    build: { outDir: root, emptyOutDir: true },
  });
  const server = await startDevServer(root, 'ready');
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags });
  return {
    root,
    server,
    browser,
    async close() {
      await browser.close();
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A page of one theme and size that collects what went wrong in it. */
export interface Watched {
  readonly page: Page;
  /** Errors on the console, refused by the security policy, or thrown. */
  readonly faults: string[];
  close(): Promise<void>;
}

export async function openPage(
  browser: Browser,
  options: { readonly theme?: 'light' | 'dark'; readonly width?: number } = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1440, height: 900 },
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return { page, faults, close: () => context.close() };
}

/** Breaches of WCAG 2.2 AA on the page as it stands, one line each. */
export async function breaches(page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: runner } = globalThis as unknown as { axe: typeof Axe };
    const result = await runner.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`);
  });
}
