import { formatIp, parseIp, parseRange } from '@picket/base/ip';
import { type Heard, isLinkLocal } from './heard.ts';

/**
 * Addresses that hosts on a link may have beside those they spoke from: many build all of theirs with the same interface identifier
 * (the lower 64 bits), so each prefix of the link is put before the identifiers of the link-local addresses. A host that said which
 * addresses it listens for is guessed at only where one fits. Guesses are for asking, not for telling.
 */
export function guessedAddresses(heard: Pick<Heard, 'hosts' | 'tails'>, prefixes: readonly string[]): string[] {
  const heads = prefixes.flatMap((prefix) => {
    const range = prefix.endsWith('/64') ? parseRange(prefix) : null;
    return range?.ok && range.value.family === 6 && !isLinkLocal(prefix) ? [range.value.first] : [];
  });
  const guesses = new Set<string>();
  for (const { address, mac } of heard.hosts) {
    const parsed = parseIp(address);
    if (!parsed.ok || !isLinkLocal(address)) continue;
    const identifier = parsed.value.bits & 0xffff_ffff_ffff_ffffn;
    const tails = heard.tails(mac);
    const tail = (identifier & 0xff_ffffn).toString(16).padStart(6, '0');
    if (tails && tails.size > 0 && !tails.has(tail)) continue;
    for (const head of heads) guesses.add(formatIp({ family: 6, bits: head | identifier }));
  }
  return [...guesses];
}
