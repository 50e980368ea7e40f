/** One `match` or `softmatch` line. */
export interface MatchLine {
  /** Line in the file, from 1. */
  readonly line: number;
  /** Name of the service; what stands before the slash of `ssl/http` is in `tls`. */
  readonly service: string;
  readonly tls: boolean;
  /** A soft match names the service only: probes that know it better are asked further. */
  readonly soft: boolean;
  /** Perl-compatible, over bytes. */
  readonly pattern: string;
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly templates: VersionTemplates;
}

/** What a match says, with places for what it captured (`$1`, `$P(1)`, `$SUBST(1,"_",".")`, `$I(1,">")`). */
export interface VersionTemplates {
  readonly product?: string;
  readonly version?: string;
  readonly info?: string;
  readonly hostname?: string;
  readonly os?: string;
  readonly device?: string;
  /** CPE names as URIs, `cpe:/a:vendor:product:$1`. */
  readonly cpes: readonly string[];
}

/** One `Probe` with its directives. The probe named NULL sends nothing and listens. */
export interface ProbeBlock {
  readonly line: number;
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  readonly payload: Uint8Array;
  readonly ports: PortList;
  readonly tlsPorts: PortList;
  /** 1 (asked often) to 9 (hardly ever); 5 where the file says nothing. */
  readonly rarity: number;
  /** Names of probes whose matches are tried after its own. */
  readonly fallback: readonly string[];
  /** How long answers are waited for, milliseconds; null where the file says nothing. */
  readonly totalWaitMs: number | null;
  readonly matches: readonly MatchLine[];
}

/** Ranges of ports, both ends included. */
export type PortList = readonly (readonly [first: number, last: number])[];

/** A line that is not understood or can't be used, and is left out. */
export interface ServiceProbeProblem {
  readonly line: number;
  readonly message: string;
}

/** A file of service probes as the user gave it. */
export interface ServiceProbeFile {
  readonly probes: readonly ProbeBlock[];
  /** Ports that no probe of the file may be sent to. */
  readonly exclude: { readonly tcp: PortList; readonly udp: PortList };
  readonly problems: readonly ServiceProbeProblem[];
}

/** True when the port lies in one of the ranges. */
export function hasPort(list: PortList, port: number): boolean {
  return list.some(([first, last]) => port >= first && port <= last);
}
