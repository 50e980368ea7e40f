import type { Dialer } from '@picket/base/dialer';
import type { HostName } from '../run/stages.ts';
import { decodeNameQuery, isNetbiosName, nameQuery } from './netbios-message.ts';
import { questionTimeoutMs } from './name-question.ts';

/** Names of a host that are looked up, and the sixteenth bytes with which they may be registered: workstation, file server. */
const mostNames = 4;
const suffixes = [0x00, 0x20] as const;

export interface WinsServer {
  /** Canonical IPv4 literal. */
  readonly address: string;
  /** Bound to this server by the scope gate. */
  readonly dialer: Dialer;
}

export interface WinsAnswer {
  readonly names: readonly HostName[];
  /** The server left a question unanswered. */
  readonly silent: boolean;
}

/**
 * Names of a host that a WINS server (a NetBIOS name server, RFC 1002 section 5.1.4) leads back to its address. WINS knows no question by
 * address, so the names that other sources suggested are asked, in their short form.
 */
export async function winsNames(
  host: { readonly address: string; readonly suggested: readonly string[] },
  server: WinsServer,
  signal: AbortSignal,
): Promise<WinsAnswer> {
  const confirmed: HostName[] = [];
  for (const name of candidates(host.suggested)) {
    for (const suffix of suffixes) {
      const known = await lookUp(name, suffix, server, signal);
      if (known === 'silent') return { names: confirmed, silent: true };
      if (!known.includes(host.address)) continue;
      confirmed.push({ name, source: 'wins' });
      break;
    }
  }
  return { names: confirmed, silent: false };
}

async function lookUp(
  name: string,
  suffix: number,
  server: WinsServer,
  signal: AbortSignal,
): Promise<readonly string[] | 'silent'> {
  const exchanged = await server.dialer.exchangeUdp({
    address: server.address,
    port: 137,
    payload: nameQuery(name, suffix),
    timeoutMs: questionTimeoutMs,
    signal,
  });
  const answer = exchanged.ok ? exchanged.value[0] : undefined;
  return answer ? (decodeNameQuery(answer) ?? []) : 'silent';
}

/** First labels in capitals, each once. */
function candidates(suggested: readonly string[]): readonly string[] {
  const short = suggested.map((name) => (name.split('.')[0] ?? '').slice(0, 15).toUpperCase());
  return [...new Set(short.filter(isNetbiosName))].slice(0, mostNames);
}
