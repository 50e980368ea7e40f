import { parseMatchLine } from './match-line.ts';
import { unescapeProbe } from './probe-string.ts';
import {
  type MatchLine,
  type PortList,
  type ProbeBlock,
  type ServiceProbeFile,
  type ServiceProbeProblem,
} from './service-probe-file.ts';

const largestFile = 16 * 1024 * 1024;
const longestLine = 65_536;
const mostProblems = 1000;
const mostProbes = 2000;
const mostMatches = 200_000;
const longestWaitMs = 60_000;

type Draft = { -readonly [K in keyof ProbeBlock]: ProbeBlock[K] } & { matches: MatchLine[] };

/**
 * Reads a file in the syntax of nmap-service-probes: lines of `Exclude`, `Probe`, `match`, `softmatch`, `ports`, `sslports`, `rarity`,
 * `fallback`, `totalwaitms` and `tcpwrappedms`. Total: a line that is not understood is a problem with its number, and the rest is read.
 */
export function parseServiceProbes(text: string): ServiceProbeFile {
  return new Parser().read(text);
}

class Parser {
  readonly #probes: Draft[] = [];
  readonly #problems: ServiceProbeProblem[] = [];
  readonly #exclude: { tcp: PortList; udp: PortList } = { tcp: [], udp: [] };
  #line = 0;
  #matches = 0;
  /** The probe whose lines are read. Undefined: none yet, or one that was refused with all that belongs to it. */
  #current: Draft | undefined;

  read(text: string): ServiceProbeFile {
    if (text.length > largestFile)
      this.#problem(`The file is longer than ${largestFile} characters; the rest is not read.`);
    for (const written of text.slice(0, largestFile).split('\n')) {
      this.#line += 1;
      const line = written.replace(/\r$/, '').trimStart();
      if (line === '' || line.startsWith('#')) continue;
      if (line.length > longestLine) this.#problem(`The line is longer than ${longestLine} characters.`);
      else this.#directive(line);
    }
    this.#checkFallbacks();
    return { probes: this.#probes, exclude: this.#exclude, problems: this.#problems };
  }

  #directive(line: string): void {
    const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
    if (word === 'Probe') return this.#probe(rest);
    if (word === 'Exclude') return this.#setExclude(rest);
    if (!/^(?:match|softmatch|ports|sslports|rarity|fallback|totalwaitms|tcpwrappedms)$/.test(word)) {
      return this.#problem(`"${word.slice(0, 40)}" is no directive.`);
    }
    const probe = this.#current;
    if (!probe) {
      // Lines of a probe that was refused go with it; its own problem says so.
      if (this.#probes.length === 0) this.#problem(`"${word}" stands before the first Probe.`);
      return;
    }
    if (word === 'match' || word === 'softmatch') this.#match(probe, rest, word === 'softmatch');
    else if (word === 'ports') probe.ports = this.#ports(rest) ?? probe.ports;
    else if (word === 'sslports') probe.tlsPorts = this.#ports(rest) ?? probe.tlsPorts;
    else if (word === 'fallback') probe.fallback = rest.split(/[\s,]+/).filter((name) => name !== '');
    else if (word === 'rarity') probe.rarity = this.#number(word, rest, 1, 9) ?? probe.rarity;
    else if (word === 'totalwaitms') probe.totalWaitMs = this.#number(word, rest, 1, longestWaitMs);
    else this.#number(word, rest, 1, longestWaitMs);
  }

  #probe(rest: string): void {
    this.#current = undefined;
    const head = /^(TCP|UDP)\s+([A-Za-z0-9][\w.+-]{0,63})\s+q(.)/.exec(rest);
    if (!head) return this.#problem('A Probe is written "Probe TCP Name q|what is sent|".');
    const [whole, protocol, name = '', delimiter = ''] = head;
    const end = rest.indexOf(delimiter, whole.length);
    if (end < 0) return this.#problem(`The text of the probe ${name} has no second "${delimiter}".`);
    const payload = unescapeProbe(rest.slice(whole.length, end));
    if (!payload.ok) return this.#problem(`The text of the probe ${name}: ${payload.error}`);
    const rank = protocol === 'TCP' ? 'tcp' : 'udp';
    if (this.#probes.some((each) => each.name === name && each.protocol === rank))
      return this.#problem(`The probe ${name} stands there twice; the second one is left out.`);
    if (this.#probes.length >= mostProbes) return this.#problem(`There are more than ${mostProbes} probes.`);
    this.#current = {
      line: this.#line,
      name,
      protocol: rank,
      payload: payload.value,
      ports: [],
      tlsPorts: [],
      rarity: 5,
      fallback: [],
      totalWaitMs: null,
      matches: [],
    };
    this.#probes.push(this.#current);
  }

  #match(probe: Draft, rest: string, soft: boolean): void {
    const parsed = parseMatchLine(rest, this.#line, soft);
    if (!parsed.ok) return this.#problem(`The match ${parsed.error}`);
    this.#matches += 1;
    if (this.#matches > mostMatches) return this.#problem(`There are more than ${mostMatches} matches.`);
    probe.matches.push(parsed.value);
  }

  /** `T:9100-9107,U:30000` or without a letter for both protocols. */
  #setExclude(rest: string): void {
    let protocols: readonly ('tcp' | 'udp')[] = ['tcp', 'udp'];
    for (const written of rest.split(/[\s,]+/).filter((item) => item !== '')) {
      const [, letter, list = ''] = /^(?:([TU]):)?(.*)$/.exec(written) ?? [];
      if (letter !== undefined) protocols = letter === 'T' ? ['tcp'] : ['udp'];
      const ports = this.#ports(list);
      if (!ports) continue;
      for (const protocol of protocols) this.#exclude[protocol] = [...this.#exclude[protocol], ...ports];
    }
  }

  #ports(text: string): PortList | null {
    const ranges: (readonly [number, number])[] = [];
    for (const item of text.split(',').map((each) => each.trim())) {
      const range = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(item);
      const [first, last] = [Number(range?.[1]), Number(range?.[2] ?? range?.[1])];
      if (!range || first > last || last > 65_535) {
        this.#problem(`"${item.slice(0, 40)}" is neither a port nor a range of ports.`);
        return null;
      }
      ranges.push([first, last]);
    }
    return ranges;
  }

  #number(word: string, text: string, least: number, most: number): number | null {
    const value = Number(text.trim());
    if (/^[0-9]{1,9}$/.test(text.trim()) && value >= least && value <= most) return value;
    this.#problem(`"${word}" wants a whole number from ${least} to ${most}.`);
    return null;
  }

  #checkFallbacks(): void {
    const names = new Set(this.#probes.map((probe) => probe.name));
    for (const probe of this.#probes) {
      this.#line = probe.line;
      const unknown = probe.fallback.filter((name) => !names.has(name));
      if (unknown.length > 0)
        this.#problem(`The probe ${probe.name} falls back on ${unknown.join(', ').slice(0, 200)}, which is not there.`);
    }
  }

  #problem(message: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ line: this.#line, message });
  }
}
