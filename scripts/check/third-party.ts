import { z } from 'zod';

const entry = z.looseObject({
  version: z.string().optional(),
  resolved: z.string().optional(),
  link: z.boolean().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockfile = z.looseObject({ packages: z.record(z.string(), entry) });

/** The programs that are delivered, by their package. */
export const deployables = ['platform', 'appliance', 'web', 'cli'] as const;

/** Third-party packages that a workspace package brings with it, `name@version`, sorted; found in the lockfile. */
export function thirdParty(lockText: string, workspace: string): string[] {
  const { packages } = lockfile.parse(JSON.parse(lockText));
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (key: string) => {
    if (seen.has(key)) return;
    seen.add(key);
    const item = packages[key];
    if (!item) return;
    if (item.link) {
      if (item.resolved !== undefined) visit(item.resolved);
      return;
    }
    const name = key.split('node_modules/').at(-1) ?? key;
    if (key.includes('node_modules/')) found.add(`${name}@${item.version}`);
    for (const dependency of Object.keys({ ...item.dependencies, ...item.optionalDependencies })) {
      const where = locate(packages, key, dependency);
      if (where !== null) visit(where);
    }
  };
  visit(`packages/${workspace}`);
  return [...found].toSorted();
}

/** Where a dependency is found from a package, as Node.js looks for it: its own folder, then each one above. */
function locate(packages: Readonly<Record<string, unknown>>, from: string, name: string): string | null {
  let at = from;
  for (;;) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[candidate] !== undefined) return candidate;
    if (at === '') return null;
    const parent = at.lastIndexOf('/node_modules/');
    at = parent < 0 ? '' : at.slice(0, parent);
  }
}
