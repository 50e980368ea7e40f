import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

  beforeAll(async () => {
    await buildWeb(root, () => {});
    folder = await mkdtemp(join(tmpdir(), 'picket-people-'));
    platform = await LoopbackPlatform.start(join(folder, 'data'), null);
    origin = `https://localhost:${platform.port}`;
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
    await manager.page.getByRole('heading', { name: 'Overview' }).waitFor();
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
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(guest.takeFaults()).toEqual([]);
    await guest.leave();

    const again = await Visitor.enter(browser, origin);
    await again.page.goto(link);
    await again.page.getByText('This link does not work').waitFor();
    await again.page.getByRole('link', { name: 'Go to the sign-in page' }).click();
    await signIn(again.page, 'gwen');
    await again.page.getByRole('heading', { name: 'Overview' }).waitFor();
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
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
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
});
