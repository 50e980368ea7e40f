/**
 * Single packets for those who look closely at one host: hops, operating systems, names. Every packet passes the scope gate
 * and is charged to the governor like any other.
 */
export interface PacketProber {
  /** Sends one packet and gathers what comes back within `timeoutMs`; an empty list is silence. Rejects only for an abort. */
  exchange(request: PacketRequest): Promise<readonly PacketAnswer[]>;
}

export interface PacketRequest {
  /** Canonical IP literal, in scope. */
  readonly address: string;
  /** IPv4 TTL or IPv6 hop limit; default 64. */
  readonly hopLimit?: number;
  readonly probe:
    | {
        readonly kind: 'tcp';
        readonly port: number;
        /** TCP flag bits of RFC 9293 section 3.1: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128. */
        readonly flags: number;
        readonly window?: number;
        /** Option bytes as on the wire, padded to a multiple of 4. */
        readonly options?: Uint8Array;
      }
    | { readonly kind: 'udp'; readonly port: number; readonly payload: Uint8Array }
    | { readonly kind: 'icmp-echo'; readonly code?: number; readonly payload?: Uint8Array }
    | { readonly kind: 'icmp-timestamp' };
  readonly timeoutMs: number;
  /**
   * Packets to one address with the same flow number look alike to routers that spread load by flow: same source port, and for ICMP the
   * same identifier and checksum. So the hops of a trace belong to one way. Default: a flow of its own. 0 to 255.
   */
  readonly flow?: number;
  /** More than one answer is worth waiting for (default: the first ends the wait). */
  readonly maxAnswers?: number;
  readonly signal: AbortSignal;
}

export interface PacketAnswer {
  /** Who answered: the target, or a router on the way. */
  readonly from: string;
  readonly rttMs: number;
  readonly kind: 'tcp' | 'udp' | 'icmp-echo-reply' | 'icmp-timestamp-reply' | 'time-exceeded' | 'unreachable';
  /** ICMP code of `time-exceeded` and `unreachable`. */
  readonly code?: number;
  /** TTL or hop limit as it arrived. */
  readonly hopLimit: number;
  /** IPv4 only: don't-fragment bit and identification. */
  readonly dontFragment?: boolean;
  readonly identification?: number;
  readonly tcp?: {
    readonly flags: number;
    readonly window: number;
    /** Sequence and acknowledgement numbers. */
    readonly sequence: number;
    readonly acknowledgement: number;
    /** Option bytes as they came. */
    readonly options: Uint8Array;
  };
  /** Payload after the transport header, at most 512 bytes. */
  readonly payload: Uint8Array;
  /** Source MAC of the frame when target and we share a link. */
  readonly mac?: string;
}
