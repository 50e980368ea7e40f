import { z } from 'zod';
import { isoDateTime } from './primitive.ts';

/** How many an appliance tells at once, and keeps for that: the newest. */
export const mostNetworkErrors = 16;

/** One `NETWORK ERR` of an appliance (spec section 7): what kept it from the platform. It can only be told afterwards. */
export const networkErrorReport = z.object({
  /** The same error keeps its id: what is told again replaces what was told before. */
  id: z.uuid(),
  /** Two digits: which attempt failed. */
  code: z.string().regex(/^[0-9]{2}$/),
  /** The second line of the screen: why. */
  description: z.string().max(16),
  /** The code that older models show for it. */
  eCode: z.string().regex(/^E[0-9]{2}$/),
  raisedAt: isoDateTime,
  /** When the platform was reached, or another error took its place. Null: the poll that tells of it is the first to get through. */
  clearedAt: isoDateTime.nullable(),
});
export type NetworkErrorReport = z.infer<typeof networkErrorReport>;

/** One `COMMUNICATION FAILURE` of a working appliance (spec section 7), with what `NETWORK ERR` would have said of its cause. */
export const communicationFailureReport = networkErrorReport.omit({ code: true });
export type CommunicationFailureReport = z.infer<typeof communicationFailureReport>;
