/** Whom a client talks to. `certificates` is the lab's folder of certificates, `zone` the DNS zone the host serves. */
export interface ProofTarget {
  readonly address: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  readonly certificates: string;
  readonly zone: string;
}

/** A client to run in the scanner's namespace. */
export interface ClientCall {
  readonly argv: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * How an ordinary client shows a weakness, without Picket. Its output (standard output, then standard error) matches `weak` on a weak
 * service; on a hardened one it does not, and matches `refused`, which proves that the client did reach the service.
 */
export interface Proof {
  readonly call: (target: ProofTarget) => ClientCall;
  readonly weak: RegExp;
  readonly refused: RegExp;
}

/** What the output of a proof's client says; `unclear` is neither and fails `verify` either way. Pure. */
export function judge(proof: Proof, output: string): 'weak' | 'refused' | 'unclear' {
  if (proof.weak.test(output)) return 'weak';
  return proof.refused.test(output) ? 'refused' : 'unclear';
}
