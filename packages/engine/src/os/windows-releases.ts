import { ownValue } from '@picket/base/own-value';
import type { SystemName } from './claim.ts';
import { osCpe } from './systems.ts';

/** Whether a Windows is made for a desk or for a computer room; null where nothing tells. */
export type WindowsRole = 'client' | 'server' | null;

interface Release {
  readonly build: number;
  readonly client?: readonly [product: string, cpe: string, version?: string];
  readonly server?: readonly [product: string, cpe: string, version?: string];
}

/**
 * Builds of NT by kernel version, as an NTLM challenge states them. Sources: Microsoft's "Windows 10 / 11 / Server release information"
 * pages, MS-NLMP section 2.2.2.10 and the appendixes "Product Behavior" of the open specifications, which name the builds.
 */
const releases: Readonly<Record<string, readonly Release[]>> = {
  '5.0': [{ build: 2195, client: ['Windows 2000', 'windows_2000'], server: ['Windows 2000 Server', 'windows_2000'] }],
  '5.1': [{ build: 2600, client: ['Windows XP', 'windows_xp'] }],
  '5.2': [
    { build: 3790, client: ['Windows XP x64', 'windows_xp'], server: ['Windows Server 2003', 'windows_server_2003'] },
  ],
  '6.0': [
    { build: 6000, client: ['Windows Vista', 'windows_vista'] },
    {
      build: 6001,
      client: ['Windows Vista', 'windows_vista', 'SP1'],
      server: ['Windows Server 2008', 'windows_server_2008'],
    },
    {
      build: 6002,
      client: ['Windows Vista', 'windows_vista', 'SP2'],
      server: ['Windows Server 2008', 'windows_server_2008', 'SP2'],
    },
    { build: 6003, server: ['Windows Server 2008', 'windows_server_2008', 'SP2'] },
  ],
  '6.1': [
    { build: 7600, client: ['Windows 7', 'windows_7'], server: ['Windows Server 2008 R2', 'windows_server_2008'] },
    {
      build: 7601,
      client: ['Windows 7', 'windows_7', 'SP1'],
      server: ['Windows Server 2008 R2', 'windows_server_2008', 'SP1'],
    },
  ],
  '6.2': [{ build: 9200, client: ['Windows 8', 'windows_8'], server: ['Windows Server 2012', 'windows_server_2012'] }],
  '6.3': [
    { build: 9600, client: ['Windows 8.1', 'windows_8.1'], server: ['Windows Server 2012 R2', 'windows_server_2012'] },
  ],
  '10.0': [
    { build: 10240, client: ['Windows 10', 'windows_10', '1507'] },
    { build: 10586, client: ['Windows 10', 'windows_10', '1511'] },
    {
      build: 14393,
      client: ['Windows 10', 'windows_10', '1607'],
      server: ['Windows Server 2016', 'windows_server_2016'],
    },
    { build: 15063, client: ['Windows 10', 'windows_10', '1703'] },
    {
      build: 16299,
      client: ['Windows 10', 'windows_10', '1709'],
      server: ['Windows Server', 'windows_server', '1709'],
    },
    {
      build: 17134,
      client: ['Windows 10', 'windows_10', '1803'],
      server: ['Windows Server', 'windows_server', '1803'],
    },
    {
      build: 17763,
      client: ['Windows 10', 'windows_10', '1809'],
      server: ['Windows Server 2019', 'windows_server_2019'],
    },
    {
      build: 18362,
      client: ['Windows 10', 'windows_10', '1903'],
      server: ['Windows Server', 'windows_server', '1903'],
    },
    {
      build: 18363,
      client: ['Windows 10', 'windows_10', '1909'],
      server: ['Windows Server', 'windows_server', '1909'],
    },
    {
      build: 19041,
      client: ['Windows 10', 'windows_10', '2004'],
      server: ['Windows Server', 'windows_server', '2004'],
    },
    {
      build: 19042,
      client: ['Windows 10', 'windows_10', '20H2'],
      server: ['Windows Server', 'windows_server', '20H2'],
    },
    { build: 19043, client: ['Windows 10', 'windows_10', '21H1'] },
    { build: 19044, client: ['Windows 10', 'windows_10', '21H2'] },
    { build: 19045, client: ['Windows 10', 'windows_10', '22H2'] },
    { build: 20348, server: ['Windows Server 2022', 'windows_server_2022'] },
    { build: 22000, client: ['Windows 11', 'windows_11', '21H2'] },
    { build: 22621, client: ['Windows 11', 'windows_11', '22H2'] },
    { build: 22631, client: ['Windows 11', 'windows_11', '23H2'] },
    { build: 25398, server: ['Windows Server', 'windows_server', '23H2'] },
    {
      build: 26100,
      client: ['Windows 11', 'windows_11', '24H2'],
      server: ['Windows Server 2025', 'windows_server_2025'],
    },
    { build: 26200, client: ['Windows 11', 'windows_11', '25H2'] },
  ],
};

/**
 * The name of a Windows by kernel version (`10.0`) and build. What only the role could tell apart is named as the choice that it is; where the build
 * is not known, nor is the update.
 */
export function windowsName(kernel: string | undefined, build: string | undefined, role: WindowsRole): SystemName {
  const version = [kernel, build].filter((part) => part !== undefined).join('.');
  const base: SystemName = {
    vendor: 'Microsoft',
    product: role === 'server' ? 'Windows Server' : 'Windows',
    ...(version === '' ? {} : { version }),
    cpe: osCpe('microsoft:windows', undefined),
  };
  const ofKernel = kernel === undefined ? [] : (ownValue(releases, kernel) ?? []);
  const possible = build === undefined ? ofKernel : ofKernel.filter((release) => release.build === Number(build));
  const editions = editionsOf(possible, role);
  const [first, second] = editions;
  if (!first || editions.length > 2) return base;
  const product = editions.map(({ name, update }) => (update === undefined ? name : `${name} ${update}`)).join(' or ');
  return second ? { ...base, product } : { ...base, product, cpe: osCpe(`microsoft:${first.cpe}`, first.update) };
}

interface Edition {
  readonly name: string;
  readonly cpe: string;
  readonly update?: string | undefined;
}

/** The different products among releases; with several of one product their update is not known. */
function editionsOf(possible: readonly Release[], role: WindowsRole): readonly Edition[] {
  const pick = (kind: WindowsRole) => [
    ...(kind === 'server' ? [] : possible.flatMap((release) => (release.client ? [release.client] : []))),
    ...(kind === 'client' ? [] : possible.flatMap((release) => (release.server ? [release.server] : []))),
  ];
  const own = pick(role);
  const byName = Map.groupBy(own.length > 0 ? own : pick(null), ([name]) => name);
  return [...byName].map(([name, all]) => {
    const [, cpe = '', update] = all[0] ?? [];
    return { name, cpe, update: all.length === 1 ? update : undefined };
  });
}

/** Kernel version of a product by its name (`Windows Server 2012 R2`), or null. */
export function kernelOfProduct(product: string): string | null {
  const wanted = product.toLowerCase();
  const found = Object.entries(releases).find(([, of]) =>
    of.some(({ client, server }) => client?.[0].toLowerCase() === wanted || server?.[0].toLowerCase() === wanted),
  );
  // All since Windows 10 share one kernel version, which tells less than the name.
  return found && found[0] !== '10.0' ? found[0] : null;
}

/**
 * The kernel version that belongs to a build: components state versions of their own before it, and the registry of Windows 10 still says 6.3.
 * The stated one where the build is not known.
 */
export function kernelOfBuild(build: string, stated: string): string {
  const known = Object.entries(releases).find(([, of]) => of.some((release) => release.build === Number(build)));
  return known?.[0] ?? (Number(build) > 10_000 ? '10.0' : stated);
}

/** Kernel version by version of Internet Information Services. Source: Microsoft, "IIS versions and the Windows they come with". */
export const iisKernels: Readonly<Record<string, string>> = {
  '5.0': '5.0',
  '5.1': '5.1',
  '6.0': '5.2',
  '7.0': '6.0',
  '7.5': '6.1',
  '8.0': '6.2',
  '8.5': '6.3',
  '10.0': '10.0',
};
