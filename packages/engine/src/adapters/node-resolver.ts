import { Resolver } from 'node:dns/promises';
import { formatIp, parseIp } from '@picket/base/ip';
import type { NameResolver } from '../gate/socket-factory.ts';
import { onAbort } from '../gate/abort-hub.ts';

export interface NodeResolverOptions {
  /** `address:port` of the name servers to ask. Default: those of this machine. */
  readonly servers?: readonly string[];
  /** For each question, milliseconds. */
  readonly timeoutMs?: number;
}

/** Names of one address that are looked at; an answer may hold more. */
const mostNames = 8;
/** So many look-ups in a row without any answer: the resolver is taken for unreachable. */
const patience = 3;
/** So long nobody asks an unreachable resolver, milliseconds. */
const restMs = 60_000;

/**
 * PTR look-ups through the resolvers of this machine. They are asked, never the targets. A name counts only if it leads back
 * to the address: whoever holds a reverse zone can write any name into it, and a check would then talk to a host under
 * a name that its owner never gave it. `now`: milliseconds, monotonic.
 */
export function nodeResolver(now: () => number, options: NodeResolverOptions = {}): NameResolver {
  const health = { silent: 0, restUntil: Number.NEGATIVE_INFINITY };
  return {
    async reverse(address, signal) {
      signal.throwIfAborted();
      const question = reverseName(address);
      if (question === null || now() < health.restUntil) return [];
      // One resolver a look-up: cancelling ends all queries of its resolver.
      const resolver = new Resolver({ timeout: options.timeoutMs ?? 1500, tries: 1 });
      if (options.servers) resolver.setServers([...options.servers]);
      const stop = onAbort(signal, () => resolver.cancel());
      try {
        const names = hostNames(await resolver.resolvePtr(question));
        health.silent = 0;
        const confirmed = await Promise.all(names.map((name) => leadsTo(resolver, name, address)));
        return names.filter((_, index) => confirmed[index]);
      } catch (error) {
        signal.throwIfAborted();
        if (!isSilence(error)) health.silent = 0;
        else if (++health.silent >= patience) {
          health.silent = 0;
          health.restUntil = now() + restMs;
        }
        return [];
      } finally {
        stop();
      }
    },
    async addresses(name, signal) {
      signal.throwIfAborted();
      if (hostNames([name]).length === 0 || now() < health.restUntil) return [];
      const resolver = new Resolver({ timeout: options.timeoutMs ?? 1500, tries: 1 });
      if (options.servers) resolver.setServers([...options.servers]);
      const stop = onAbort(signal, () => resolver.cancel());
      const found = await Promise.all([
        resolver.resolve4(name).catch(() => []),
        resolver.resolve6(name).catch(() => []),
      ]);
      stop();
      signal.throwIfAborted();
      return found.flat().flatMap((address) => canonical(address) ?? []);
    },
  };
}

/** Host names (RFC 1123 section 2.1) of an answer, in lower case, each once. Everything else in it is left out. */
export function hostNames(answer: readonly string[]): string[] {
  const names = answer
    .slice(0, mostNames * 4)
    .map((name) => name.toLowerCase().replace(/\.$/, ''))
    .filter(
      (name) =>
        name.length <= 253 &&
        /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name),
    )
    // A name that looks like an IPv4 address would be taken for one.
    .filter((name) => !/^[0-9.]+$/.test(name));
  return [...new Set(names)].slice(0, mostNames);
}

async function leadsTo(resolver: Resolver, name: string, address: string): Promise<boolean> {
  try {
    const found = address.includes(':') ? await resolver.resolve6(name) : await resolver.resolve4(name);
    return found.some((each) => canonical(each) === address);
  } catch {
    return false;
  }
}

function canonical(text: string): string | null {
  const parsed = parseIp(text);
  return parsed.ok ? formatIp(parsed.value) : null;
}

/** The name to ask for an address (RFC 1035 section 3.5, RFC 3596 section 2.5); null for loopback, whose zones are nobody else's business (RFC 6303). */
export function reverseName(address: string): string | null {
  const parsed = parseIp(address);
  if (!parsed.ok || address.startsWith('127.') || address === '::1') return null;
  const { bits, family } = parsed.value;
  if (family === 4) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${[...bits.toString(16).padStart(32, '0')].reverse().join('.')}.ip6.arpa`;
}

/** No answer at all, as opposed to "no such name" or a refusal. */
function isSilence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ETIMEOUT' || error.code === 'ECONNREFUSED');
}
