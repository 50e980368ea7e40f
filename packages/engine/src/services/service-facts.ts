import { decodeText } from '@picket/checks/fingerprints/decode-text';
import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { TlsSession } from '@picket/base/dialer';
import type { ServiceFacts } from '../run/stages.ts';
import { certificateFacts } from '../tls/certificate-facts.ts';
import { judge } from './judge.ts';
import type { PortOutcome } from './outcome.ts';
import { oneLine, printable } from './printable.ts';
import type { OsHint } from './probe.ts';

/** Confidence of a name that rests on the port number alone. */
const portNumberConfidence = 0.3;

/**
 * The fields of a service event (`contracts/event.ts`), every text bounded and fit to print. `portName` is what the port
 * number suggests; it is used only when the port said nothing at all, since a wrong name is worse than none.
 */
export function serviceFacts(outcome: PortOutcome, portName: string | null, fingerprints: FingerprintDb): ServiceFacts {
  const found = outcome.identification;
  const evidence = {
    probe: outcome.probe.slice(0, 64),
    excerpt: printable(decodeText(outcome.evidence.subarray(0, 2048)), 2048),
  };
  const tls = outcome.tls ? { tls: tlsFacts(outcome.tls) } : {};
  const tunnel = outcome.tunnel ? { tunnel: outcome.tunnel } : {};
  if (!found) {
    const guessed = outcome.evidence.length === 0 && !outcome.tunnel ? portName : null;
    return {
      service: guessed ?? 'unknown',
      cpes: [],
      confidence: guessed === null ? 0 : portNumberConfidence,
      method: guessed === null ? 'probe' : 'port-number',
      evidence,
      ...(outcome.remark === null ? {} : { info: oneLine(outcome.remark, 512) }),
      ...tunnel,
      ...tls,
    };
  }
  const judged = judge(found, fingerprints);
  const info = [found.info, ...judged.remarks].filter((part) => part !== undefined && part !== '').join('; ');
  return {
    service: found.service.slice(0, 64),
    cpes: [...judged.cpes],
    confidence: found.confidence ?? 1,
    method: outcome.method,
    evidence,
    ...text('vendor', judged.vendor, 128),
    ...text('product', judged.product, 128),
    ...text('version', judged.version, 128),
    ...text('info', info, 512),
    ...text('hostname', judged.hostname, 255),
    ...(judged.os ? { os: osFacts(judged.os) } : {}),
    ...tunnel,
    ...tls,
  };
}

/** A record with one bounded field, or none when there is nothing to say. */
function text<K extends string>(name: K, value: string | null, limit: number): Partial<Record<K, string>> {
  const cleaned = value === null ? '' : oneLine(value, limit);
  if (cleaned === '') return {};
  const record: Partial<Record<K, string>> = {};
  record[name] = cleaned;
  return record;
}

function osFacts(os: OsHint): NonNullable<ServiceFacts['os']> {
  return {
    product: oneLine(os.product, 128),
    ...(os.vendor === undefined ? {} : { vendor: oneLine(os.vendor, 128) }),
    ...(os.version === undefined ? {} : { version: oneLine(os.version, 128) }),
    ...(os.cpe === undefined || os.cpe.length > 256 ? {} : { cpe: os.cpe }),
  };
}

function tlsFacts(session: TlsSession): NonNullable<ServiceFacts['tls']> {
  const leaf = session.certificates[0];
  return {
    protocol: session.protocol.slice(0, 16),
    cipher: session.cipher.slice(0, 64),
    alpn: session.alpn === null ? null : oneLine(session.alpn, 32),
    certificate: leaf ? certificateFacts(leaf) : null,
    error: session.authorizationError === null ? null : oneLine(session.authorizationError, 128),
  };
}
