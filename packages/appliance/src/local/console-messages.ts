import { z } from 'zod';
import { attempts } from '../console/errors/attempt.ts';
import { linkModes } from '../netconf/network-settings.ts';
import { consoleSettings } from './console-settings.ts';
import { consoleStatus } from './console-status.ts';

/** The daemon's socket for consoles, inside the state directory (mode 0700): whoever may open it may do all that the console can. */
export const consoleSocketName = 'console.sock';

/** A longer line ends the connection, bytes. */
export const maxConsoleLine = 262_144;

/** What a console asks for. Each but `cancel-scan` is answered once by `answer`; a refusal of that one too. */
export const consoleRequest = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['cancel-scan', 'reset', 'shutdown', 'reboot', 'examine']) }),
  z.strictObject({ type: z.literal('apply'), settings: consoleSettings, attempt: z.enum(attempts) }),
  z.strictObject({ type: z.literal('set-link'), port: z.enum(['lan', 'wan']), mode: z.enum(linkModes) }),
  z.strictObject({ type: z.literal('connect'), attempt: z.enum(attempts) }),
  z.strictObject({ type: z.literal('personalize'), code: z.string().regex(/^[0-9]{14}$/) }),
  z.strictObject({
    type: z.literal('find-platform'),
    host: z.string().min(1).max(253),
    port: z.int().min(1).max(65_535),
  }),
  z.strictObject({ type: z.literal('enrol'), enrolment: z.string().max(512) }),
]);
export type ConsoleRequest = z.infer<typeof consoleRequest>;

/** What the daemon says: at once after the connection, and at every change. */
export const consoleMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('status'), status: consoleStatus }),
  z.object({
    type: z.literal('network'),
    settings: consoleSettings.nullable(),
    readOnly: z.string().max(512).nullable(),
  }),
  /** To the oldest request without an answer. */
  z.object({ type: z.literal('answer'), refused: z.string().max(512).nullable() }),
  /** Before the answer to `find-platform`: what would be believed, and the fingerprint to compare; null with a public authority. */
  z.object({ type: z.literal('platform'), enrolment: z.string().max(512), fingerprint: z.string().max(64).nullable() }),
]);
export type ConsoleMessage = z.infer<typeof consoleMessage>;
