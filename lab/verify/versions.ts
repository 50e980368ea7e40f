import { runCommand } from '@picket/testkit/namespaces/run-command';
import type { Truth } from '../truth.ts';

/** Versions by package, as dpkg knows them now: `debian` whole, `upstream` without epoch, Debian revision and repacking marks. */
export type Versions = Readonly<Record<string, { readonly debian: string; readonly upstream: string }>>;

/** Reads the version of every package that the truth names. A package that is missing is absent from the answer. */
export async function readVersions(truth: Truth): Promise<Versions> {
  const names = truth.hosts.flatMap((host) => [...host.services, ...host.hidden].map((service) => service.package));
  const wanted = [...new Set(names.filter((name) => name !== undefined))];
  const result = await runCommand(['dpkg-query', '-W', '-f', '${Package} ${Version} ${db:Status-Status}\n', ...wanted]);
  const rows = result.stdout.split('\n').map((line) => line.split(' '));
  return Object.fromEntries(
    rows.flatMap(([name, debian, status]) =>
      name !== undefined && debian !== undefined && status === 'installed'
        ? [[name, { debian, upstream: upstreamVersion(debian) }]]
        : [],
    ),
  );
}

/** The version that the product itself tells: `1:9.2p1-2+deb12u7` is 9.2p1, `5.9.3+dfsg-2` is 5.9.3. Pure. */
export function upstreamVersion(debian: string): string {
  return debian
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/\+.*$/, '');
}
