import { scanNetwork } from '@picket/contracts/scan-network';
import { z } from 'zod';
import { networkDescription } from './network-description.ts';
import { networkFacts, portFacts } from './network-facts.ts';
import { linkModes, networkSettings } from './network-settings.ts';

/** Messages between the daemon and the network helper: one JSON line each, over a Unix socket. Documents and states, no commands. */

const id = z.int();
const port = z.enum(['lan', 'wan']);

/** The proxy's password as it travels: `stored` keeps the one that the helper has. */
const storedPassword = z.strictObject({ stored: z.literal(true) });

/** With `progress`, a request that takes long is answered by `working` now and then before its answer. */
const common = { id, progress: z.boolean().optional() };

/** Addresses that may be asked about at once. */
export const mostTargets = 256;

export const helperRequest = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('get') }),
  z.strictObject({ ...common, type: z.literal('facts') }),
  /** All of it, and the way to each of these addresses. */
  z.strictObject({ ...common, type: z.literal('describe'), targets: z.array(z.string().max(45)).max(mostTargets) }),
  /** The proxy with its password, for the daemon's own connections. */
  z.strictObject({ ...common, type: z.literal('proxy') }),
  /** `settings` is a `NetworkSettings`; its proxy password may be `{ stored: true }`. */
  z.strictObject({ ...common, type: z.literal('apply'), settings: z.unknown() }),
  z.strictObject({ ...common, type: z.literal('set-link'), port, mode: z.enum(linkModes) }),
  z.strictObject({ ...common, type: z.literal('reset') }),
  z.strictObject({ ...common, type: z.literal('renew'), port }),
  z.strictObject({
    ...common,
    type: z.literal('scan-network'),
    document: scanNetwork,
    confirmWithinSeconds: z.int().min(1).max(86_400),
  }),
  z.strictObject({ ...common, type: z.literal('confirm'), generation: z.int() }),
  z.strictObject({ ...common, type: z.enum(['shutdown', 'reboot']) }),
]);
export type HelperRequest = z.infer<typeof helperRequest>;

const problem = z.object({
  port,
  code: z.string(),
  refuse: z.boolean(),
  loopback: z.boolean(),
  message: z.string(),
  hint: z.string(),
});

export const helperAnswer = z.discriminatedUnion('type', [
  z.object({
    id,
    type: z.literal('network'),
    /** A `NetworkSettings` whose proxy password is `{ stored: true }` or null. */
    settings: z.unknown(),
    ports: z.object({ lan: z.string(), wan: z.string().nullable() }),
    /** As they were at the last look, which is seconds ago; null before the first one. */
    state: z.object({ lan: portFacts, wan: portFacts.nullable() }).nullable(),
    kind: z.enum(['physical', 'virtual']),
  }),
  z.object({ id, type: z.literal('facts'), facts: networkFacts }),
  z.object({ id, type: z.literal('description'), network: networkDescription }),
  z.object({ id, type: z.literal('proxy'), proxy: networkSettings.shape.proxy }),
  /** Stored, and applied as far as it could be. `problems` are those of what was stored: errors 07 and 08. */
  z.object({ id, type: z.literal('applied'), problems: z.array(problem) }),
  z.object({ id, type: z.literal('refused'), message: z.string(), saved: z.boolean(), problems: z.array(problem) }),
]);
export type HelperAnswer = z.input<typeof helperAnswer>;

/** Not an answer yet: what the helper does before it comes to it, for people. Each tells that it is still there. */
export const helperWorking = z.object({ id, type: z.literal('working'), message: z.string().max(200) });
export type HelperWorking = z.infer<typeof helperWorking>;
/** How often that is said, milliseconds. */
export const workingEveryMs = 15_000;

/** Replaces `{ stored: true }` by the password that is stored, before the settings are parsed. */
export function withStoredPassword(settings: unknown, stored: string | null): unknown {
  const shape = z.looseObject({ proxy: z.looseObject({ password: storedPassword }) }).safeParse(settings);
  if (!shape.success) return settings;
  return { ...shape.data, proxy: { ...shape.data.proxy, password: stored } };
}
