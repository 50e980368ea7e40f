import { resolve } from 'node:path';
import { systemClock } from '@picket/base/adapters/system';
import { userError } from '@picket/base/error';
import { page } from '@picket/contracts/api/page';
import { release } from '@picket/contracts/api/release';
import { bundleFaults, bundleFaultText } from '@picket/contracts/release/bundle-fault';
import type { ReleaseManifest } from '@picket/contracts/release/release-manifest';
import { type ReleaseKind, releaseKinds } from '@picket/contracts/release/release-version';
import { Command, Option } from 'commander';
import { AdminClient } from '../admin/admin-client.ts';
import { dataLayout } from '../data-layout.ts';
import { exitCode } from '../exit-code.ts';
import { writeApplianceSoftware } from '../release/appliance-software.ts';
import { makeBundle } from '../release/make-bundle.ts';
import { makeReleaseKey, readReleaseKey, readReleaseKeys } from '../release/release-key-file.ts';
import { verifyBundle } from '../release/verify-bundle.ts';
import { type Output, printable, table } from '../terminal/output.ts';

const help = `
A release is one signed file, a bundle, with the content or the software of appliances. Appliances take it from the platform and
install it only when a key that they trust has signed it (--release-keys of "picket appliance start"). docs/updates.md has it all.

Exit code: 0 done, 1 the bundle does not hold (verify), 2 the command was not understood, 70 it could not be done.

Examples:
  picket release key release.pem
  picket release make content --kind content --key release.pem --out content.bundle
  picket release software build && picket release make build --kind software --number 0.2.0 --key release.pem --out software.bundle
  picket release verify content.bundle --key release.pem.pub
  picket release publish content.bundle`;

interface MakeOptions {
  readonly kind: ReleaseKind;
  readonly key: string;
  readonly out: string;
  readonly number?: string;
  readonly level?: number;
  readonly name?: string;
  readonly json?: boolean;
}

/** `picket release`: makes, checks and publishes what appliances install. */
export function releaseCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('release')
    .description('make, verify and publish the content and software of appliances')
    .addHelpText('after', help);
  command
    .command('key <file>')
    .description('make a key that signs releases: FILE (keep it offline) and FILE.pub (for appliances)')
    .option('--json', 'as JSON')
    .action(async (path: string, options: { json?: boolean }) => {
      const { publicKey, keyId } = await makeReleaseKey(path);
      const made = { file: path, publicFile: `${path}.pub`, publicKey, keyId };
      output.out(options.json ? `${JSON.stringify(made)}\n` : `${path} and ${path}.pub, key ${keyId}\n`);
      end(exitCode.clean);
    });
  command
    .command('software <dir>')
    .description('write the software of appliances, as it is here, into a new folder for "make --kind software"')
    .option('--json', 'as JSON')
    .action(async (folder: string, options: { json?: boolean }) => {
      const packages = await writeApplianceSoftware(resolve(folder));
      output.out(options.json ? `${JSON.stringify({ folder, packages })}\n` : `${folder}: ${packages} packages\n`);
      end(exitCode.clean);
    });
  command
    .command('make <dir>')
    .description('pack a folder into a signed bundle')
    .addOption(new Option('--kind <kind>', 'what it is').choices(releaseKinds).makeOptionMandatory())
    .requiredOption('--key <file>', 'private release key')
    .requiredOption('--out <file>', 'the bundle')
    .option('--number <version>', 'version of software, such as 0.2.0; content has its own in manifest.json')
    .option(
      '--level <number>',
      'software: least protocol level of the platform (default: that of this software)',
      wholeNumber,
    )
    .option('--name <text>', 'name that people see')
    .option('--json', 'as JSON')
    .action(async (folder: string, options: MakeOptions) => {
      const manifest = await makeBundle({
        folder: resolve(folder),
        kind: options.kind,
        version: options.number ?? null,
        level: options.level ?? null,
        name: options.name ?? null,
        key: await readReleaseKey(options.key),
        out: options.out,
        now: systemClock.now(),
      });
      output.out(shown(manifest, options.json ?? false));
      end(exitCode.clean);
    });
  command
    .command('verify <bundle>')
    .description('read a bundle to its end and say whether it holds')
    .requiredOption('--key <file>', 'public keys that are trusted')
    .option('--json', 'as JSON')
    .action(async (path: string, options: { key: string; json?: boolean }) => {
      const read = await verifyBundle(path, await readReleaseKeys(options.key)).catch(
        (error: NodeJS.ErrnoException) => {
          throw error.code === undefined
            ? error
            : userError('release.bundle-unreadable', `${path} can't be read: ${error.message}.`);
        },
      );
      if (read.ok) output.out(shown(read.value.manifest, options.json ?? false));
      else if (options.json) output.out(`${JSON.stringify({ ok: false, ...read.error })}\n`);
      else output.err(`picket: ${printable(bundleFaultText(read.error))} ${bundleFaults[read.error.code].hint}\n`);
      end(read.ok ? exitCode.clean : exitCode.findings);
    });
  addPlatformCommands(command, output, end);
  return command;
}

function addPlatformCommands(command: Command, output: Output, end: (code: number) => void): void {
  const client = (options: { data: string }) => new AdminClient(dataLayout(resolve(options.data)).platform);
  command
    .command('publish <bundle>')
    .description('give a bundle to the platform on this machine, for its appliances')
    .option('--data <dir>', 'data folder', '.picket')
    .option('--rollback', 'appliances may go back to this older version')
    .option('--json', 'as JSON')
    .action(async (path: string, options: { data: string; rollback?: boolean; json?: boolean }) => {
      const target = `/api/v1/releases${options.rollback ? '?rollback=true' : ''}`;
      const made = await client(options).sendFile(target, path, release);
      output.out(
        options.json
          ? `${JSON.stringify(made)}\n`
          : `${made.kind} ${made.version} is what appliances should have now.\n`,
      );
      end(exitCode.clean);
    });
  command
    .command('list')
    .description('releases that the platform on this machine has')
    .option('--data <dir>', 'data folder', '.picket')
    .option('--json', 'as JSON')
    .action(async (options: { data: string; json?: boolean }) => {
      const { items } = await client(options).get('/api/v1/releases?limit=500', page(release));
      const rows = items.map((each) => [
        String(each.id),
        each.kind,
        each.version,
        each.state,
        each.publishedAt,
        each.keyId,
      ]);
      output.out(
        options.json
          ? `${JSON.stringify(items)}\n`
          : table([['ID', 'KIND', 'VERSION', 'STATE', 'PUBLISHED', 'KEY'], ...rows]),
      );
      end(exitCode.clean);
    });
}

function wholeNumber(text: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw userError('release.level-invalid', `"${text}" is no level.`, 'A level is a whole number from 1.');
}

function shown(manifest: ReleaseManifest, json: boolean): string {
  const { files, ...facts } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (json) return `${JSON.stringify({ ok: true, ...facts, files: files.length, bytes })}\n`;
  return `${facts.kind} ${facts.version} (${printable(facts.name)}): ${files.length} files, ${bytes} bytes, level ${facts.level}\n`;
}
