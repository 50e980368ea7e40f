import type { EngineEventOf } from '@picket/contracts/event';
import type { StackSighting } from './stack-sighting.ts';

/** What identification of a service told; where it was told matters not for the event's unit and time. */
export type SeenService = Omit<EngineEventOf<'service'>, 'unit' | 'time'>;

/** Everything that is known of one host when its system is judged. */
export interface OsEvidence {
  readonly services: readonly SeenService[];
  /** Vendor of the network interface by its address, if it was seen. */
  readonly macVendor?: string;
  /** How its TCP/IP stack answered; null without raw sockets, or when nothing answered. */
  readonly stack: StackSighting | null;
}
