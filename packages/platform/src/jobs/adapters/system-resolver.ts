import { lookup } from 'node:dns/promises';
import { canonicalIp } from '@picket/base/ip';
import type { NameResolver } from '../name-resolver.ts';

/** Names asked at once, addresses taken of one name, and how long all of them may take together. */
const atOnce = 32;
const addressesPerName = 64;
const deadlineMs = 20_000;

/** The resolver of the platform's machine, `/etc/hosts` included. */
export const systemResolver: NameResolver = {
  async resolve(names, signal) {
    const found = new Map<string, readonly string[]>();
    const over = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    const queue = [...names];
    const work = async () => {
      for (let name = queue.shift(); name !== undefined && !over.aborted; name = queue.shift()) {
        const addresses = await addressesOf(name, over);
        if (addresses.length > 0) found.set(name, addresses);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, names.length) }, work));
    return found;
  },
};

async function addressesOf(name: string, over: AbortSignal): Promise<readonly string[]> {
  const stop = Promise.withResolvers<readonly { address: string }[]>();
  const onAbort = () => stop.resolve([]);
  over.addEventListener('abort', onAbort, { once: true });
  try {
    const answers = await Promise.race([lookup(name, { all: true, order: 'verbatim' }), stop.promise]);
    const addresses = answers.flatMap(({ address }) => canonicalIp(address) ?? []);
    return [...new Set(addresses)].sort().slice(0, addressesPerName);
  } catch {
    return [];
  } finally {
    over.removeEventListener('abort', onAbort);
  }
}
