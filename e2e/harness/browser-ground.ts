import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Lab, labDown, labUp } from '../../lab/lab-control.ts';
import type { PlatformStatus } from '../../packages/cli/src/start/platform-status.ts';
import { buildWeb } from '../../scripts/web-build.ts';
import { startBrowser } from './browser.ts';
import type { Deployment } from './deployment.ts';
import { deployInLab, platformPort } from './lab-deployment.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A part of the lab, a platform at its first start, an appliance that waits to be activated, and a browser before the platform. */
export interface BrowserGround {
  readonly lab: Lab;
  readonly deployment: Deployment;
  readonly browser: Browser;
  readonly origin: string;
  readonly firstManager: NonNullable<PlatformStatus['firstManager']>;
  close(): Promise<void>;
}

/** Makes all of it. The interface is built when its sources changed; the browser runs in the platform's namespace. */
export async function browserGround(name: string, hosts: readonly string[]): Promise<BrowserGround> {
  await buildWeb(root, (line) => process.stdout.write(`${line}\n`));
  const lab = await labUp({ name, hosts });
  let deployment: Deployment | undefined;
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await deployment?.[Symbol.asyncDispose]();
    await labDown(name);
  };
  try {
    deployment = await deployInLab(lab);
    const { firstManager } = await deployment.startPlatform();
    if (firstManager === null) throw new Error('the platform printed no one-time password at its first start');
    const folder = join(deployment.folder, 'browser');
    await mkdir(folder);
    const authorityFile = join(deployment.folder, 'platform', 'tls', 'ca.pem');
    browser = await startBrowser({ namespace: lab.names.namespace('platform'), folder, authorityFile });
    const origin = `https://${lab.truth.managementNetwork.platform.ipv4}:${platformPort}`;
    return { lab, deployment, browser, origin, firstManager, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Starts the appliance and returns the activation code that it shows. */
export async function shownCode(deployment: Deployment): Promise<string> {
  await writeFile(join(deployment.folder, 'enrolment'), deployment.enrolment);
  const shown = await deployment.appliance.start(/"activationCode":"([0-9]+)"/);
  return shown[1] ?? '';
}
