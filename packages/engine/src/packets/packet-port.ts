import type { LoopConfig, LoopReport, LoopRequest } from './messages.ts';

/** A packet loop at work, seen from the main thread: a worker thread, or (in small tests) the loop itself on a fake link. */
export interface PacketPort {
  post(request: LoopRequest): void;
  /** Ends the loop within some 50 ms; resolves when nothing can be sent any more. Twice is fine. */
  close(): Promise<void>;
}

/** Starts a loop. Nothing is sent before a request asks for it. */
export type OpenPackets = (config: LoopConfig, onReport: (report: LoopReport) => void) => PacketPort;
