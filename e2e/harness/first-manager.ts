import type { Browser } from 'playwright-core';
import { Visitor } from './browser-visitor.ts';

/** Through the first sign-in and the first run by the API, as their own test shows them in the browser. */
export async function settleFirstManager(
  browser: Browser,
  origin: string,
  manager: { readonly login: string; readonly oneTimePassword: string; readonly password: string },
): Promise<void> {
  const { login, oneTimePassword, password } = manager;
  const visitor = await Visitor.enter(browser, origin);
  const demand = async (path: string, body: unknown) => {
    const status = await visitor.status('POST', `/api/v1/${path}`, body);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
  };
  await visitor.page.goto('/');
  await visitor.page.getByLabel('Login').waitFor();
  await demand('session', { login, password: oneTimePassword });
  await demand('session/password', { current: oneTimePassword, next: password });
  const version = await visitor.page.evaluate<string>(
    `fetch('/api/v1/terms').then((answer) => answer.json()).then((terms) => terms.version)`,
  );
  await demand('session/terms', { version });
  await demand('setup/complete', {});
  await visitor.leave();
}
