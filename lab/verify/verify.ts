import { inParallel } from '../in-parallel.ts';
import type { Lab } from '../lab-control.ts';
import { productHosts } from '../products/product-hosts.ts';
import { proveInside, provePackages } from './inside.ts';
import { proveIsolation } from './isolation.ts';
import { provePing, proveReach } from './reach.ts';
import type { Statement } from './statement.ts';
import { proveTells } from './tells.ts';
import { readVersions, type Versions } from './versions.ts';
import { proveWeaknesses } from './weaknesses.ts';

/** What `verify` found: how many statements hold, those that do not, and the versions that the services have on this machine. */
export interface VerifyReport {
  readonly proved: number;
  readonly failures: readonly Statement[];
  readonly versions: Versions;
}

/**
 * Proves the truth of a lab that is up, with the tools of the system and ordinary clients, without any part of Picket: addresses, ports,
 * packages, reach, isolation, what services tell of themselves, weaknesses and the lack of them on the hardened hosts.
 */
export async function verifyLab(lab: Lab): Promise<VerifyReport> {
  const statements: Statement[] = [];
  const versions = await readVersions(lab.truth);
  // What products tell is not written down: the tests that use them look at what they need.
  const products = new Set(productHosts.map((host) => host.name));
  await inParallel(lab.truth.hosts, 4, async (host) => {
    for (const prove of [proveInside, provePackages, provePing, proveWeaknesses])
      statements.push(...(await prove(lab, host)));
    if (!products.has(host.name)) statements.push(...(await proveTells(lab, host, versions)));
  });
  statements.push(...(await proveReach(lab)), ...(await proveIsolation(lab)));
  statements.push(...lab.truth.hosts.flatMap((host) => versionKnown(host, versions)));
  const failures = statements.filter((statement) => !statement.holds);
  return { proved: statements.length - failures.length, failures, versions };
}

function versionKnown(host: Lab['truth']['hosts'][number], versions: Versions): readonly Statement[] {
  const names = [...new Set(host.services.map((service) => service.package).filter((name) => name !== undefined))];
  return names.map((name) => ({
    host: host.name,
    what: `version of ${name}`,
    holds: versions[name] !== undefined,
    detail: 'dpkg does not know it',
  }));
}
