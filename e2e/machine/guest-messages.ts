import { z } from 'zod';

/** What a test asks of a guest: one JSON line each, over a virtio serial port. */
export const guestRequest = z.discriminatedUnion('type', [
  /** Runs a program to its end. */
  z.object({
    id: z.int(),
    type: z.literal('run'),
    argv: z.array(z.string()),
    input: z.string(),
    timeoutMs: z.int(),
  }),
  /** Starts a program that stays; it is named by its process id. */
  z.object({ id: z.int(), type: z.literal('start'), argv: z.array(z.string()), env: z.record(z.string(), z.string()) }),
  /** What a started program has said so far (the last 64 KiB), and whether it has ended. */
  z.object({ id: z.int(), type: z.literal('look'), pid: z.int() }),
  /** Signals a started program and waits for its end. */
  z.object({ id: z.int(), type: z.literal('stop'), pid: z.int(), signal: z.enum(['SIGTERM', 'SIGKILL']) }),
  /** Replaces a file. */
  z.object({ id: z.int(), type: z.literal('write'), path: z.string(), text: z.string() }),
  /** Sends a line to a Unix socket and gives the line that answers. */
  z.object({ id: z.int(), type: z.literal('ask'), socket: z.string(), line: z.string() }),
]);
export type GuestRequest = z.infer<typeof guestRequest>;

/** The answer with the id of its request. */
export const guestAnswer = z.union([
  z.object({ id: z.int(), failed: z.string() }),
  z.object({ id: z.int(), code: z.int().nullable(), stdout: z.string(), stderr: z.string() }),
  z.object({ id: z.int(), pid: z.int() }),
  z.object({ id: z.int(), output: z.string(), ended: z.boolean() }),
  z.object({ id: z.int(), line: z.string() }),
  z.object({ id: z.int(), done: z.literal(true) }),
]);
export type GuestAnswer = z.infer<typeof guestAnswer>;
