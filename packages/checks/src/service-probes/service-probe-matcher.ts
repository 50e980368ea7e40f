import type { RE2JS } from 're2js';
import { fromBytes } from '../byte-string.ts';
import { requiredLiteral } from '../fingerprints/required-literal.ts';
import { compilePerlPattern } from './perl-pattern.ts';
import type { MatchLine, ProbeBlock, ServiceProbeFile, ServiceProbeProblem } from './service-probe-file.ts';
import { type ByteGroups, fillCpe, fillTemplate } from './version-template.ts';

/** What a line says of an answer, its places filled. */
export interface ServiceProbeMatch {
  readonly service: string;
  readonly tls: boolean;
  readonly soft: boolean;
  readonly line: number;
  readonly product: string | null;
  readonly version: string | null;
  readonly info: string | null;
  readonly hostname: string | null;
  readonly os: string | null;
  readonly device: string | null;
  /** CPE names as URIs. */
  readonly cpes: readonly string[];
}

/** Longest part of an answer that is looked at, bytes. */
const longestAnswer = 16_384;

interface Entry {
  readonly line: MatchLine;
  readonly literal: string;
  /** Compiled on first need: a file has ten thousand patterns, a scan meets a few hundred. */
  regex?: RE2JS;
}

/** Judges answers by the match lines of a file. Patterns that can't run in linear time are left out and listed. */
export class ServiceProbeMatcher {
  /** The lines whose pattern is not usable, and why. */
  readonly unusable: readonly ServiceProbeProblem[];
  readonly #entries = new Map<ProbeBlock, readonly Entry[]>();
  readonly #byName: ReadonlyMap<string, ProbeBlock>;

  constructor(file: ServiceProbeFile) {
    const unusable: ServiceProbeProblem[] = [];
    for (const probe of file.probes) {
      const usable = probe.matches.flatMap((line): Entry[] => {
        const compiled = compilePerlPattern(line.pattern, line);
        if (compiled.ok) return [{ line, literal: requiredLiteral(line.pattern) }];
        unusable.push({ line: line.line, message: compiled.error });
        return [];
      });
      this.#entries.set(probe, usable);
    }
    this.unusable = unusable;
    this.#byName = new Map(file.probes.map((probe) => [`${probe.protocol} ${probe.name}`, probe]));
  }

  /** Names of the services that this probe's own lines may show. */
  services(probe: ProbeBlock): ReadonlySet<string> {
    return new Set(this.#entries.get(probe)?.map((entry) => entry.line.service));
  }

  /**
   * The first line that fits the answer: of the probe itself, then of those it falls back on, and over TCP at last of those for greetings.
   * `service` leaves only lines of that service.
   */
  match(probe: ProbeBlock, answer: Uint8Array, service?: string): ServiceProbeMatch | null {
    const text = fromBytes(answer.subarray(0, longestAnswer));
    const lower = text.toLowerCase();
    for (const entry of this.#entriesFor(probe)) {
      if (service !== undefined && entry.line.service !== service) continue;
      if (entry.literal !== '' && !lower.includes(entry.literal)) continue;
      const groups = this.#groups(entry, text);
      if (groups) return filled(entry.line, groups);
    }
    return null;
  }

  #entriesFor(probe: ProbeBlock): readonly Entry[] {
    const names = [...probe.fallback, ...(probe.protocol === 'tcp' && probe.name !== 'NULL' ? ['NULL'] : [])];
    const others = [...new Set(names)].flatMap((name) => this.#byName.get(`${probe.protocol} ${name}`) ?? []);
    return [probe, ...others].flatMap((each) => this.#entries.get(each) ?? []);
  }

  #groups(entry: Entry, text: string): ByteGroups | null {
    if (entry.regex === undefined) {
      const compiled = compilePerlPattern(entry.line.pattern, entry.line);
      if (!compiled.ok) return null;
      entry.regex = compiled.value;
    }
    const matcher = entry.regex.matcher(text);
    if (!matcher.find()) return null;
    return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? null);
  }
}

function filled(line: MatchLine, groups: ByteGroups): ServiceProbeMatch {
  const { product, version, info, hostname, os, device, cpes } = line.templates;
  const fill = (template: string | undefined) =>
    template === undefined ? null : fillTemplate(template, groups) || null;
  return {
    service: line.service,
    tls: line.tls,
    soft: line.soft,
    line: line.line,
    product: fill(product),
    version: fill(version),
    info: fill(info),
    hostname: fill(hostname),
    os: fill(os),
    device: fill(device),
    cpes: cpes.flatMap((template) => fillCpe(template, groups) ?? []),
  };
}
