/** Where a piece of evidence comes from. Claims of one source are not independent of each other. */
export type OsSource =
  | 'stack'
  | 'mac'
  | 'ssh'
  | 'smb'
  | 'ntlm'
  | 'snmp'
  | 'package'
  | 'http'
  | 'names'
  | 'protocol'
  | 'software';

/** What one piece of evidence says of the operating system. */
export interface OsClaim {
  readonly source: OsSource;
  /** From general to special: `linux`, `debian`, `12`; `windows`, `10.0`, `20348`. Claims agree when one path begins the other. */
  readonly path: readonly string[];
  /** 0 to 1, of the whole path. */
  readonly confidence: number;
  /** For the reader: where it was seen and what was seen. */
  readonly text: string;
  /** Systems by their first path element that share what was seen, so that they do not contradict the claim. */
  readonly alike?: readonly string[];
  /** Version of the kernel, told beside the system. */
  readonly kernel?: string;
  /** Name of a system that `systems.ts` does not list. */
  readonly name?: SystemName;
}

/** A system as events name it. */
export interface SystemName {
  readonly vendor?: string;
  readonly product: string;
  readonly version?: string;
  /** CPE 2.3 formatted string. */
  readonly cpe?: string;
}

/** What all evidence together comes to. */
export interface OsAnswer extends SystemName {
  /** 0 to 1; never above the best single piece of evidence for it. */
  readonly confidence: number;
  /** The evidence in words, the strongest first, and what speaks against it. */
  readonly evidence: string;
}
