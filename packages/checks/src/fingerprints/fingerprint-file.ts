/** One example of a fingerprint: what it must match and the fields that must come out. */
export interface FingerprintExample {
  /** Text of the element; base64 when `encoding` says so; empty when `fileName` names the bytes. */
  readonly text: string;
  readonly encoding: 'text' | 'base64';
  readonly fileName: string | null;
  /** Asserted fields by name, e.g. `service.version`. */
  readonly expected: Readonly<Record<string, string>>;
}

/** `pos` 0: the constant `value`, which may hold `{field}`; else the capture group whose text becomes the field. */
export interface FingerprintParam {
  readonly name: string;
  readonly pos: number;
  readonly value: string;
}

/** One `<fingerprint>`: a pattern in Ruby's dialect and the fields that a match gives. */
export interface Fingerprint {
  readonly description: string;
  readonly pattern: string;
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly params: readonly FingerprintParam[];
  readonly examples: readonly FingerprintExample[];
}

/** Something in a file that is not understood, and what was done about it. Never dropped without a word. */
export interface FingerprintProblem {
  readonly source: string;
  readonly line: number;
  /** Description of the fingerprint it stands in, or the empty text. */
  readonly item: string;
  readonly message: string;
}

/** A recog file: fingerprints in first-match order under the name of their database (`ssh.banner`). */
export interface FingerprintFile {
  readonly source: string;
  readonly database: string;
  readonly protocol: string | null;
  /** Which database goes first where several judge one text; recog's default is 0.10. */
  readonly preference: number;
  readonly fingerprints: readonly Fingerprint[];
  readonly problems: readonly FingerprintProblem[];
}

/** Why a file as a whole could not be read. */
export interface FingerprintFileError {
  readonly source: string;
  readonly message: string;
}
