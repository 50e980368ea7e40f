import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOfStep, stepAt } from '../packages/platform/src/features/factors/totp.ts';
import { buildWeb } from '../scripts/web-build.ts';
import { canBrowse, startBrowser } from './harness/browser.ts';
import { breaches, overflow, Visitor } from './harness/browser-visitor.ts';
import { settleFirstManager } from './harness/first-manager.ts';
import { LoopbackPlatform } from './harness/loopback-platform.ts';

const password = 'correct horse battery';
const root = fileURLToPath(new URL('..', import.meta.url));

/** What an authenticator app shows for a secret typed into it, `ahead` steps from now. */
function codeOf(secret: string, ahead: number): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((one) => digits.indexOf(one).toString(2).padStart(5, '0')).join('');
  const bytes = Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, n) =>
    Number.parseInt(bits.slice(n * 8, n * 8 + 8), 2),
  );
  return codeOfStep(bytes, stepAt(Date.now()) + ahead);
}

describe.skipIf(!canBrowse)('signing in, in Chromium on a real platform', () => {
  let folder: string;
  let platform: LoopbackPlatform;
  let browser: Browser;
  let origin: string;
  let login: string;

  beforeAll(async () => {
    await buildWeb(root, () => {});
    folder = await mkdtemp(join(tmpdir(), 'picket-sign-in-'));
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

  async function typePassword(page: Page): Promise<void> {
    await page.goto('/');
    await page.getByLabel('Login').fill(login);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  }

  async function signOut(page: Page): Promise<void> {
    await page.getByRole('button', { name: /^Account menu/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Login').waitFor();
  }

  it('by passkey, made under Profile & security and used without a password', async () => {
    const visitor = await Visitor.enter(browser, origin);
    const { page } = visitor;
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await typePassword(page);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.goto('/account');
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
    await dialog.getByLabel('Name').fill('laptop');
    expect(await breaches(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('list', { name: 'Passkeys' }).getByText('laptop').waitFor();
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
    expect(credentials).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);

    await signOut(page);
    const usePasskey = page.getByRole('button', { name: 'Use a passkey' });
    await usePasskey.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.goto('/account');
    await page.getByText('by passkey', { exact: false }).first().waitFor();

    // The person at the device is not who it belongs to: no finger, no PIN.
    await signOut(page);
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await usePasskey.click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Login').isVisible()).toBe(true);
    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });

    // A copy of the key that was used elsewhere: its counter is behind.
    const [credential] = (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
    if (credential === undefined) throw new Error('the authenticator has lost its key');
    await devtools.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId });
    await devtools.send('WebAuthn.addCredential', { authenticatorId, credential: { ...credential, signCount: 0 } });
    await usePasskey.click();
    await page.getByText('The passkey was not accepted').waitFor();
    expect(visitor.takeFaults(/401/)).toEqual([]);
    await visitor.leave();
  });

  it('by the code of an authenticator app, and by a recovery code when the phone is away', async () => {
    const visitor = await Visitor.enter(browser, origin, { width: 360 });
    const { page } = visitor;
    await typePassword(page);
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.goto('/account');
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' });
    await dialog.getByLabel('Your password').fill(password);
    await page.keyboard.press('Enter');
    await dialog.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
    const secret = await dialog.getByLabel('Secret', { exact: true }).innerText();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(await breaches(page)).toEqual([]);
    await dialog.getByLabel('Code', { exact: true }).fill(codeOf(secret, 0));
    await page.keyboard.press('Enter');
    const shown = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
    await shown.nth(9).waitFor();
    const codes = await shown.allInnerTexts();
    expect(codes).toHaveLength(10);
    expect(await breaches(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 of 10 recovery codes are left').waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(1);
    await page.getByRole('button', { name: 'Menu' }).click();
    await signOut(page);

    await typePassword(page);
    await page.getByLabel('Code').waitFor();
    expect(await breaches(page)).toEqual([]);
    await page.getByLabel('Code').fill('000000');
    await page.keyboard.press('Enter');
    await page.getByText('is not the code of this moment').first().waitFor();
    // The next code: the one of this moment may be the one that was used above.
    await page.getByLabel('Code').fill(codeOf(secret, 1));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Menu' }).click();
    await signOut(page);

    await typePassword(page);
    await page.getByLabel('Code').fill(codes[3] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(visitor.takeFaults(/401/)).toEqual([]);
    await visitor.leave();
  });
});
