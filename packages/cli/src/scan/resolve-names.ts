import { lookup } from 'node:dns/promises';
import { canonicalIp } from '@picket/base/ip';

/** Addresses of each name, resolved once as the machine does (hosts file included); a name that does not resolve has none. */
export async function resolveNames(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await Promise.all(names.map(async (name) => [name, await addressesOf(name)] as const));
  return new Map(found);
}

async function addressesOf(name: string): Promise<readonly string[]> {
  try {
    const answers = await lookup(name, { all: true, order: 'verbatim' });
    return [...new Set(answers.flatMap((answer) => canonicalIp(answer.address) ?? []))];
  } catch {
    return [];
  }
}
