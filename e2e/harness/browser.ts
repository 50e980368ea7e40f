import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@picket/testkit/namespaces/run-command';
import { type Browser, chromium } from 'playwright-core';

const chromiumPath = '/usr/bin/chromium';
const certutilPath = '/usr/bin/certutil';

/** Debian's browser and the tool that teaches it a certificate authority are there. */
export const canBrowse = existsSync(chromiumPath) && existsSync(certutilPath);

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

/** Where a browser runs, and whom it trusts. */
export interface BrowserPlace {
  /** Full name of the network namespace; null: where the test itself runs. */
  readonly namespace: string | null;
  /** Folder for its home and the wrapper; the caller removes it. */
  readonly folder: string;
  /** PEM with the certificate of the platform's own authority. */
  readonly authorityFile: string;
}

/**
 * Starts Chromium, inside a network namespace if one is named. It verifies the platform's certificate as any browser does: the platform's authority is
 * imported into the NSS database of the browser's own home, as an operator would import it; no check is switched off.
 */
export async function startBrowser(place: BrowserPlace): Promise<Browser> {
  const home = join(place.folder, 'home');
  const database = join(home, '.pki', 'nssdb');
  await mkdir(database, { recursive: true });
  const authority = join(place.folder, 'authority.pem');
  await writeFile(authority, certificateOf(await readFile(place.authorityFile, 'utf8')));
  await certutil(['-N', '-d', `sql:${database}`, '--empty-password']);
  await certutil(['-A', '-d', `sql:${database}`, '-t', 'C,,', '-n', 'platform', '-i', authority]);
  const wrapper = join(place.folder, 'chromium');
  const enter = place.namespace === null ? '' : `ip netns exec ${place.namespace} `;
  // Playwright talks to the browser over inherited pipes, which `ip netns exec` hands on.
  await writeFile(wrapper, `#!/bin/sh\nexec ${enter}${chromiumPath} "$@"\n`);
  await chmod(wrapper, 0o755);
  return chromium.launch({ executablePath: wrapper, args: flags, env: { PATH: process.env.PATH ?? '', HOME: home } });
}

/** The authority's file holds its key too, which is none of the browser's business. */
function certificateOf(pem: string): string {
  const found = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/.exec(pem);
  if (found === null) throw new Error('the authority has no certificate in its file');
  return found[0];
}

async function certutil(args: readonly string[]): Promise<void> {
  const done = await runCommand([certutilPath, ...args]);
  if (done.code !== 0) throw new Error(`certutil ${args.join(' ')}: ${done.stderr}`);
}
