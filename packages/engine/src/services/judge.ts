import { toCpe23 } from '@picket/checks/fingerprints/cpe23';
import type { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { Identification, OsHint } from './probe.ts';

/** What the protocol and the fingerprints together say about the software. */
export interface Judgement {
  readonly vendor: string | null;
  readonly product: string | null;
  readonly version: string | null;
  readonly cpes: readonly string[];
  readonly os: OsHint | null;
  readonly hostname: string | null;
  /** Components and hardware, for the reader. */
  readonly remarks: readonly string[];
}

type Fields = Readonly<Record<string, string>>;

/**
 * Asks the fingerprints about each banner. The protocol's own words name the product where it has them; else the first
 * banner that does. Later hits add CPEs and remarks, never another product.
 */
export function judge(identification: Identification, fingerprints: FingerprintDb): Judgement {
  const hits = (identification.banners ?? []).flatMap((banner) => {
    const match = fingerprints.match(banner.database, banner.text);
    return match ? [match.fields] : [];
  });
  const main = identification.product === undefined ? hits.find((fields) => fields['service.product']) : undefined;
  const cpes = [identification.cpe, main?.['service.cpe23'], ...hits.flatMap(cpesOf)]
    .flatMap((name) => (name === undefined ? [] : (toCpe23(name) ?? [])))
    .filter((name) => name.length <= 256);
  return {
    vendor: identification.vendor ?? main?.['service.vendor'] ?? null,
    product: identification.product ?? main?.['service.product'] ?? null,
    version: identification.version ?? main?.['service.version'] ?? null,
    cpes: [...new Set(cpes)].slice(0, 8),
    os: mostTelling([...hits.map(osOf), identification.os ?? null]),
    hostname: identification.hostname ?? hits.find((fields) => fields['host.name'])?.['host.name'] ?? null,
    remarks: [
      ...new Set(
        hits.flatMap((fields) =>
          remarksOf(fields, fields === main || fields['service.product'] === identification.product),
        ),
      ),
    ].slice(0, 6),
  };
}

function cpesOf(fields: Fields): string[] {
  return ['service.cpe23', 'service.component.cpe23', 'hw.cpe23'].flatMap((name) => fields[name] ?? []);
}

/** The first system with a version; else the first. */
function mostTelling(systems: readonly (OsHint | null)[]): OsHint | null {
  const named = systems.filter((os) => os !== null);
  return named.find((os) => os.version !== undefined) ?? named[0] ?? null;
}

function osOf(fields: Fields): OsHint | null {
  const product = fields['os.product'];
  if (product === undefined) return null;
  const cpe = fields['os.cpe23'] === undefined ? null : toCpe23(fields['os.cpe23']);
  return {
    product,
    ...(fields['os.vendor'] === undefined ? {} : { vendor: fields['os.vendor'] }),
    ...(fields['os.version'] === undefined ? {} : { version: fields['os.version'] }),
    ...(cpe === null ? {} : { cpe }),
  };
}

function remarksOf(fields: Fields, isMain: boolean): string[] {
  const remarks: string[] = [];
  const named = (vendor: string | undefined, product: string | undefined, version: string | undefined) =>
    [vendor === product ? undefined : vendor, product, version].filter((part) => part !== undefined).join(' ');
  if (!isMain && fields['service.product']) {
    remarks.push(named(fields['service.vendor'], fields['service.product'], fields['service.version']));
  }
  if (fields['service.comment']) remarks.push(`package ${fields['service.comment']}`);
  if (fields['service.component.product']) {
    remarks.push(
      `with ${named(fields['service.component.vendor'], fields['service.component.product'], fields['service.component.version'])}`,
    );
  }
  if (fields['hw.product'] || fields['hw.device']) {
    remarks.push(
      `device: ${named(fields['hw.vendor'], fields['hw.product'] ?? fields['hw.device'], fields['hw.version'])}`,
    );
  }
  return remarks;
}
