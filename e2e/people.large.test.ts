import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestProvider, type TestProvider } from '../packages/platform/src/features/oidc/testing-provider.ts';
import { buildWeb } from '../scripts/web-build.ts';
import { canBrowse, startBrowser } from './harness/browser.ts';
import { breaches, overflow, timesWithoutZone, Visitor } from './harness/browser-visitor.ts';
import { settleFirstManager } from './harness/first-manager.ts';
import { LoopbackPlatform } from './harness/loopback-platform.ts';

const password = 'correct horse battery';
const root = fileURLToPath(new URL('..', import.meta.url));

describe.skipIf(!canBrowse)('people, in Chromium on a real platform', () => {
  let folder: string;
  let platform: LoopbackPlatform;
  let browser: Browser;
  let origin: string;
  let login: string;
  let provider: TestProvider;

  beforeAll(async () => {
    await buildWeb(root, () => {});
    folder = await mkdtemp(join(tmpdir(), 'picket-people-'));
    // The provider of this test is on this machine.
    await writeFile(join(folder, 'platform.yaml'), 'localReceivers: true\n');
    platform = await LoopbackPlatform.start(join(folder, 'data'), null, ['--config', join(folder, 'platform.yaml')]);
    origin = `https://localhost:${platform.port}`;
    provider = await startTestProvider(
      () => [`${origin}/api/v1/session/oidc/callback`],
      () => [`${origin}/api/v1/session/oidc/signed-out`],
    );
    provider.asks = true;
    await mkdir(join(folder, 'browser'));
    await writeFile(join(folder, 'ca.pem'), platform.ca);
    browser = await startBrowser({
      namespace: null,
      folder: join(folder, 'browser'),
      authorityFile: join(folder, 'ca.pem'),
    });
    login = platform.status.firstManager?.login ?? '';
    const oneTimePassword = platform.status.firstManager?.oneTimePassword ?? '';
    await settleFirstManager(browser, origin, { login, oneTimePassword, password });
  });
  afterAll(async () => {
    await browser?.close();
    await provider?.close();
    await platform?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function signIn(page: Page, as: string): Promise<void> {
    await page.goto('/');
    await page.getByLabel('Login').fill(as);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  }

  it('are invited by a Manager, accept in a browser of their own, and sign in', async () => {
    const manager = await Visitor.enter(browser, origin);
    await signIn(manager.page, login);
    await manager.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await manager.page.goto('/settings/people?view=invitations');
    await manager.page.getByRole('button', { name: 'Invite', exact: true }).first().click();
    const dialog = manager.page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('Login').fill('gwen');
    await dialog.getByLabel('Name').fill('Gwen Guest');
    expect(await breaches(manager.page)).toEqual([]);
    await manager.page.keyboard.press('Enter');
    const first = await dialog.getByLabel('Link of the invitation', { exact: true }).innerText();
    expect(first).toMatch(new RegExp(`^${origin}/invite#[\\w-]{43}$`));
    await dialog.getByText('There is no mail address.').waitFor();
    expect(await breaches(manager.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).click();

    // A new link takes the place of the first.
    await manager.page.getByRole('row', { name: /Gwen Guest/ }).click();
    await manager.page.getByText('Link made').waitFor();
    expect(await timesWithoutZone(manager.page)).toEqual([]);
    expect(await breaches(manager.page)).toEqual([]);
    await manager.page.getByRole('button', { name: 'New link' }).click();
    await manager.page.getByRole('button', { name: 'Make a new link' }).click();
    const link = await manager.page.getByLabel('Link of the invitation', { exact: true }).innerText();
    expect(link).not.toBe(first);
    await manager.page.getByRole('button', { name: 'Done' }).click();

    const guest = await Visitor.enter(browser, origin, { width: 360 });
    const { page } = guest;
    await page.goto(first);
    await page.getByText('This link does not work').waitFor();
    expect(await breaches(page)).toEqual([]);
    expect(guest.takeFaults(/410/)).toEqual([]);
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByText('First Manager invites you').waitFor();
    expect(await breaches(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(1);
    await page.getByLabel('Choose a password').fill(password);
    await page.getByLabel('Password again').fill(password);
    await page.keyboard.press('Enter');
    await page.getByLabel('I have read and accept the licence and terms').check();
    await page.getByRole('button', { name: 'Accept terms' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(guest.takeFaults()).toEqual([]);
    await guest.leave();

    const again = await Visitor.enter(browser, origin);
    await again.page.goto(link);
    await again.page.getByText('This link does not work').waitFor();
    await again.page.getByRole('link', { name: 'Go to the sign-in page' }).click();
    await signIn(again.page, 'gwen');
    await again.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await again.leave();

    await manager.page.goto('/settings/people');
    await manager.page.getByRole('row', { name: /Gwen Guest/ }).waitFor();
    expect(manager.takeFaults()).toEqual([]);
    await manager.leave();
  });

  it('are invited no more once a Manager revokes the invitation', async () => {
    const manager = await Visitor.enter(browser, origin);
    const { page } = manager;
    await signIn(page, login);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.goto('/settings/people?new=invitation');
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await dialog.getByLabel('Login').fill('lost');
    await dialog.getByLabel('Name').fill('Lost Letter');
    await page.keyboard.press('Enter');
    const link = await dialog.getByLabel('Link of the invitation', { exact: true }).innerText();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('button', { name: 'Open invitations' }).click();
    await page.getByRole('row', { name: /Lost Letter/ }).click();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByLabel('Type lost to confirm').fill('lost');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /Lost Letter/ }).waitFor({ state: 'detached' });
    const guest = await Visitor.enter(browser, origin);
    await guest.page.goto(link);
    await guest.page.getByText('This link does not work').waitFor();
    await guest.leave();
    expect(manager.takeFaults()).toEqual([]);
    await manager.leave();
  });

  it('sign in by the identity provider that a Manager set up, and are told why when it refuses', async () => {
    const manager = await Visitor.enter(browser, origin);
    const { page } = manager;
    await signIn(page, login);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByLabel('Name').fill('Example IdP');
    await page.getByLabel('Issuer').fill(provider.issuer.replace('127.0.0.1', 'localhost'));
    await page.getByLabel('Client id').fill(provider.client.clientId);
    await page.getByLabel('Client secret').fill(provider.client.clientSecret);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText(`calls itself ${provider.issuer}`).waitFor();
    await page.getByLabel('Issuer').fill(provider.issuer);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('its keys were read').waitFor();
    const shown = await page.getByLabel('Redirect URI to register at the provider', { exact: true }).innerText();
    expect(shown).toBe(`${origin}/api/v1/session/oidc/callback`);
    await page.getByLabel('Signing out here signs out at the provider').click();
    const back = page.getByLabel('Post-logout redirect URI to register at the provider', { exact: true });
    expect(await back.innerText()).toBe(`${origin}/api/v1/session/oidc/signed-out`);
    expect(await breaches(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save provider' }).click();
    await page.getByRole('button', { name: 'Remove' }).waitFor();
    expect(await page.getByLabel('Client secret').inputValue()).toBe('');

    const there = new RegExp(`asked ${provider.issuer}`);
    const guest = await Visitor.enter(browser, origin, { width: 360 });
    provider.person = { sub: 'g-1', email: 'ida@example.org', email_verified: true, name: 'Ida Sample' };
    await guest.page.goto('/scans');
    const go = guest.page.getByRole('button', { name: 'Continue with Example IdP' });
    await go.waitFor();
    expect(await breaches(guest.page)).toEqual([]);
    await go.focus();
    await guest.page.keyboard.press('Enter');
    await guest.page.getByRole('link', { name: 'Go on as Ida Sample' }).click();
    await guest.page.getByText('You have no account here.').waitFor();
    expect(new URL(guest.page.url()).origin).toBe(origin);
    expect(await breaches(guest.page)).toEqual([]);
    expect(await overflow(guest.page)).toBeLessThanOrEqual(1);

    await page.getByLabel('People without an account').selectOption('reader');
    // The message of the first save may stand there still.
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT' && answer.ok());
    await page.getByRole('button', { name: 'Save provider' }).click();
    await saved;
    expect(manager.takeFaults()).toEqual([]);
    await manager.leave();
    await guest.page.goto('/scans');
    await go.click();
    await guest.page.getByLabel('I have read and accept the licence and terms').check();
    await guest.page.getByRole('button', { name: 'Accept terms' }).click();
    await guest.page.getByRole('heading', { name: 'Scans', level: 1 }).waitFor();
    await guest.page.goto('/account');
    await guest.page.getByText('by the identity provider').first().waitFor();
    await guest.page.getByText('You sign in by the identity provider and have no password here.').waitFor();
    expect(await breaches(guest.page)).toEqual([]);

    // Signing out leads to the provider, which does not know them any more after that.
    await guest.page.setViewportSize({ width: 1280, height: 800 });
    await guest.page.getByRole('button', { name: /^Account menu/ }).click();
    await guest.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await guest.page.getByRole('button', { name: 'Sign out here' }).click();
    await guest.page.getByText('you were signed out at the identity provider').waitFor();
    expect(new URL(guest.page.url()).origin).toBe(origin);
    expect(await breaches(guest.page)).toEqual([]);
    await go.click();
    await guest.page.getByRole('link', { name: 'Go on as Ida Sample' }).waitFor();
    expect(guest.takeFaults(there)).toEqual([]);
    await guest.leave();
  });
});
