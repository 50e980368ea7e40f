/**
 * One way out for whole frames, as the packet engine's loop sees it: an interface of the kernel, or a fake in small tests. Every
 * call is synchronous and made from the packet worker only. Frames are written in place into `arena`, so that nothing is
 * allocated per packet.
 */
export interface PacketLink {
  /** What a frame begins with: an Ethernet header, or at once the IP header (tun, ppp: no link-layer addresses exist). */
  readonly framing: 'ethernet' | 'ip';
  /** How many frames one `send` can hold. */
  readonly slots: number;
  /** Room of one slot, bytes; slot n begins at `n * slotBytes` of `arena`. */
  readonly slotBytes: number;
  readonly arena: Uint8Array;
  /** The frame in `slot` has `bytes` bytes; stays until changed. */
  setLength(slot: number, bytes: number): void;
  /**
   * Hands the slots `first` to `first + count - 1` to the kernel. Returns how many it took (fewer when its buffers are full: drain,
   * then send the rest), or a negative errno when it took none for another reason (-100 ENETDOWN, -6 ENXIO: the interface is gone).
   */
  send(first: number, count: number): number;
  /**
   * Calls `onFrame` for each frame that waits, at most `limit`; returns how many. `bytes` is the kernel's memory: valid only during
   * the call. `vlan` is the 802.1Q tag that the kernel took off the frame, or -1.
   */
  receive(limit: number, onFrame: (bytes: Uint8Array, vlan: number) => void): number;
  /** Waits until a frame is there or `milliseconds` (at most 50) have passed. */
  wait(milliseconds: number): void;
  /** Frames that the kernel dropped for want of room since the link was opened. */
  drops(): number;
  close(): void;
}

/** What a link shall let in; everything else is dropped in the kernel (classic BPF). */
export interface LinkFilter {
  /** TCP and UDP answers to these source ports of ours, first and last. */
  readonly sourcePorts: readonly [number, number];
  /** Identifier of our ICMP and ICMPv6 echo requests. */
  readonly echoId: number;
  /** ARP replies, neighbour and router advertisements, MLD reports. ICMP errors always come in. */
  readonly neighbours: boolean;
  /** Also what goes to multicast groups that nobody on this machine is in, listener reports among them. Default: false. */
  readonly everyGroup?: boolean;
  /**
   * Also frames of VLANs that have no interface on this machine: network cards throw those away (`rx-vlan-filter`, on by default) unless
   * they are promiscuous. What is for other machines is still dropped. Default: false.
   */
  readonly everyVlan?: boolean;
}
