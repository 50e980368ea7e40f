import { Resolver } from 'node:dns/promises';
import type { NameResolver } from '../socket-factory.ts';
import { onAbort } from '../abort-hub.ts';

/** PTR look-ups through the resolvers of this machine. They are asked, never the targets. */
export function nodeResolver(): NameResolver {
  return {
    async reverse(address, signal) {
      signal.throwIfAborted();
      // One resolver a look-up: cancelling ends all queries of its resolver.
      const resolver = new Resolver({ timeout: 1500, tries: 1 });
      const stop = onAbort(signal, () => resolver.cancel());
      try {
        return await resolver.reverse(address);
      } catch {
        signal.throwIfAborted();
        return [];
      } finally {
        stop();
      }
    },
  };
}
