import type { Result } from '@picket/base/result';
import type { ScanNetwork } from '@picket/contracts/scan-network';

/** Which document of the platform is in force on this machine. */
export interface ScanNetworkState {
  readonly generation: number;
  /** Not confirmed yet: it is taken back when nobody does. */
  readonly unconfirmed: boolean;
  /** The document that was taken back last; null: none ever was. */
  readonly refusedGeneration: number | null;
  /** What of it does not work, a sentence each: a VLAN without a DHCP server, a kernel without VLANs. */
  readonly trouble: readonly string[];
}

/** The part of the network helper that keeps the platform's document. An error is a sentence for people. */
export interface ScanNetworkHelper {
  state(): Promise<Result<ScanNetworkState, string>>;
  /**
   * Brings a document into force; it is taken back unless it is confirmed within so many seconds after that, whatever happens to this process. It may take
   * minutes; `onWorking` hears now and then how far it is.
   */
  offer(
    document: ScanNetwork,
    confirmWithinSeconds: number,
    onWorking: (message: string) => void,
  ): Promise<Result<null, string>>;
  confirm(generation: number): Promise<Result<null, string>>;
}
