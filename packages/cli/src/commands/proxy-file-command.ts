import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeError, userError } from '@picket/base/error';
import { sealKeyBytes, sealKeyPath, sealNonceBytes, sealProxyFile } from '@picket/outbound/adapters/proxy-file-seal';
import { longestProxyFile, proxyFilePermissions, sealKeyPermissions } from '@picket/outbound/proxy/proxy-file';
import { Command } from 'commander';
import { exitCode } from '../exit-code.ts';
import type { Output } from '../terminal/output.ts';

const help = `
User and password of each proxy are encrypted in place (AES-256-GCM) with a key that is made beside the file once:
FILE.key, mode 600. Who can read both can read the login; a copy of the file alone, as in a backup, does not tell it.
Host and port stay readable, and the login is bound to them. Run it again after a change: what is encrypted stays.

Exit codes: 0 done (also when nothing was left to encrypt), 2 not understood, 70 the file can't be read or used.`;

/** `picket proxy-file`: the file that says by which proxy an appliance or agent reaches its platform. */
export function proxyFileCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('proxy-file').description('the proxy file of an appliance or agent (docs/proxies.md)');
  command
    .command('encrypt')
    .description('encrypt user and password in a proxy file')
    .argument('<file>', 'the proxy file')
    .addHelpText('after', help)
    .action(async (name: string) => {
      const path = resolve(name);
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        throw userError('proxy-file.unreadable', `The proxy file can't be read: ${describeError(error)}.`);
      });
      if (text.length > longestProxyFile)
        throw userError('proxy-file.unreadable', `${path} is longer than ${longestProxyFile} characters.`);
      const before = await stat(path);
      const { text: after, sealed } = sealProxyFile(text, await keyOf(path), () => randomBytes(sealNonceBytes));
      if (sealed > 0) await replace(path, after, before);
      for (const warning of [proxyFilePermissions(before), sealKeyPermissions(await stat(sealKeyPath(path)))])
        if (warning !== null) output.err(`warning: ${warning}\n`);
      output.out(
        sealed === 0
          ? 'Nothing was left to encrypt.\n'
          : `Encrypted the login of ${sealed === 1 ? 'one line' : `${sealed} lines`}.\n`,
      );
      end(exitCode.clean);
    });
  return command;
}

/** The key beside the file; made when there is none. */
async function keyOf(path: string): Promise<Uint8Array> {
  const keyPath = sealKeyPath(path);
  const made = await open(keyPath, 'wx', 0o600).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw userError('proxy-file.no-key', `The key file can't be made: ${describeError(error)}.`);
  });
  if (made !== null) {
    const key = randomBytes(sealKeyBytes);
    await made.writeFile(`${key.toString('base64')}\n`);
    await made.sync().finally(() => made.close());
    return key;
  }
  const key = Buffer.from((await readFile(keyPath, 'utf8')).trim(), 'base64');
  if (key.length === sealKeyBytes) return key;
  throw userError(
    'proxy-file.bad-key',
    `${keyPath} holds no key.`,
    'Remove it, write the logins into the proxy file anew, and run this again.',
  );
}

/** Whole or not at all, with the owner and mode that it had. */
async function replace(path: string, text: string, before: { uid: number; gid: number; mode: number }): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.chown(before.uid, before.gid);
    await file.chmod(before.mode & 0o777);
    await file.sync();
    await rename(draft, path);
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}
