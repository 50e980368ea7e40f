import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { OsClaim } from './claim.ts';
import type { StackSighting } from './stack-sighting.ts';
import { pathOfName } from './systems.ts';

/** The database of stack signatures in `content/fingerprints/tcp-stack.xml`. */
const database = 'tcp.stack';
/** A stack alone never says more than this: systems share stacks, and what stands before a host answers for it. */
const mostConfidence = 0.65;

/** What the signatures say of a stack; null where none fits. Total. */
export function stackClaim(sighting: StackSighting | null, fingerprints: FingerprintDb): OsClaim | null {
  const match = sighting && fingerprints.match(database, sighting.line);
  const fields = match?.fields ?? {};
  const path = pathOfName(fields['os.vendor'] ?? '', fields['os.product'] ?? '');
  if (!sighting || !match || !path) return null;
  const certainty = Number(fields['os.certainty'] ?? '0');
  const alike = fields['stack.alike']?.split(',') ?? [];
  return {
    source: 'stack',
    path,
    confidence: Number.isFinite(certainty) ? Math.max(0, Math.min(certainty, mostConfidence)) : 0,
    text: `TCP/IP stack like ${match.description} (${sighting.line})`,
    ...(alike.length === 0 ? {} : { alike }),
  };
}
