import { z } from 'zod';

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      link: z.boolean().optional(),
      resolved: z.string().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
      peerDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/** Folders in node_modules that a package of ours needs to run, from the text of package-lock.json (npm's lockfile version 3). Pure. */
export function productionPackages(lockText: string, start: string): string[] {
  const { packages } = lockFile.parse(JSON.parse(lockText));
  const seen = new Set<string>();
  const pending = [start];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const entry = packages[at];
    if (entry === undefined || seen.has(at)) continue;
    seen.add(at);
    if (entry.link) pending.push(entry.resolved ?? '');
    const needs = { ...entry.dependencies, ...entry.optionalDependencies, ...entry.peerDependencies };
    for (const name of Object.keys(needs)) {
      const found = placesOf(at, name).find((place) => place in packages);
      if (found !== undefined) pending.push(found);
    }
  }
  return [...seen].filter((at) => /(?:^|\/)node_modules\//.test(at) && packages[at]?.link !== true);
}

/** Where a package looks for another: in its own node_modules, then in those of the folders above. */
function placesOf(from: string, name: string): string[] {
  const places = [`${from}/node_modules/${name}`];
  for (let end = from.lastIndexOf('/node_modules/'); end >= 0; end = from.lastIndexOf('/node_modules/', end - 1))
    places.push(`${from.slice(0, end)}/node_modules/${name}`);
  return [...places, `node_modules/${name}`];
}
