import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Writes the engine's table of MAC vendors from the JSON of the package `oui-data` (prefix to registration, one line each of
 * name and address): `node scripts/vendors/main.ts FOLDER-OF-THE-UNPACKED-PACKAGE DATE`. Run by hand when the table is to be renewed.
 */
const [folder = '', date = ''] = process.argv.slice(2);
const target = fileURLToPath(new URL('../../packages/engine/src/vendors/mac-vendors.txt', import.meta.url));
const registrations: unknown = JSON.parse(await readFile(`${folder}/index.json`, 'utf8'));
const manifest: unknown = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
const version = Object.entries(manifest ?? {}).find(([key]) => key === 'version')?.[1];

const byVendor = new Map<string, string[]>();
for (const [prefix, registration] of Object.entries(registrations ?? {})) {
  const vendor =
    String(registration).split('\n')[0]?.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().slice(0, 128) ?? '';
  // A block of the authority itself is cut into smaller ones, which have entries of their own.
  if (!/^(?:[0-9A-F]{6,7}|[0-9A-F]{9})$/.test(prefix) || vendor === '' || vendor === 'IEEE Registration Authority')
    continue;
  byVendor.set(vendor, [...(byVendor.get(vendor) ?? []), prefix.toLowerCase()]);
}
const head = [
  '# Who registered which MAC addresses: facts of the IEEE registries MA-L (6 digits), MA-M (7) and MA-S (9).',
  `# Taken from oui-data ${String(version)} (copyright silverwind, BSD-2-Clause) of ${date}. Each line: vendor, tab, prefixes.`,
];
const lines = [...byVendor]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([vendor, prefixes]) => `${vendor}\t${prefixes.sort().join(' ')}`);
await writeFile(target, `${[...head, ...lines].join('\n')}\n`);
process.stdout.write(`${lines.length} vendors written to ${target}\n`);
