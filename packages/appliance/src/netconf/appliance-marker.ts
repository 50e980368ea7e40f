import { z } from 'zod';

/** An interface, found by its name or, so that it survives a new kernel's numbering, by its MAC address. */
const portChoice = z.union([
  z.strictObject({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/) }),
  z.strictObject({
    mac: z
      .string()
      .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i)
      .transform((text) => text.toLowerCase()),
  }),
]);
export type PortChoice = z.infer<typeof portChoice>;

const userId = z.int().min(1).max(4_294_967_294);

/**
 * The file that makes a machine an appliance (`/etc/picket/appliance.json`): without it the network helper changes nothing. It names the
 * ports, whoever set the machine up wrote it, and no program of ours ever does.
 */
export const applianceMarker = z
  .strictObject({
    version: z.literal(1),
    ports: z.strictObject({ lan: portChoice, wan: portChoice.nullable() }),
    /** Network namespace that gets the WAN port under split network. */
    managementNamespace: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/)
      .default('picket-management'),
    /** What it runs on, for the console and the platform. */
    kind: z.enum(['physical', 'virtual']).default('physical'),
    /** User id of the daemon; under the standard configuration its traffic is bound to LAN's own network. Null: not bound. */
    managementUid: userId.nullable().default(null),
    /** User (and group) id of the scan workers: as another than the daemon's, they scan by VLANs and routes of the platform. Null: the daemon's own. */
    scanUid: userId.nullable().default(null),
  })
  .refine(({ managementUid, scanUid }) => scanUid === null || scanUid !== managementUid, {
    path: ['scanUid'],
    message: 'must be another user than managementUid',
  });
export type ApplianceMarker = z.infer<typeof applianceMarker>;
