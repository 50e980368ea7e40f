import { z } from 'zod';
import { attempts } from '../console/errors/attempt.ts';
import { doctorReport } from '@picket/contracts/doctor';
import { connectionStates } from '../daemon/connection-state.ts';

const text = z.string().max(512);

/** One port as it is now, for information. */
export const portStatus = z.object({
  port: z.enum(['lan', 'wan']),
  device: z.string().max(32),
  up: z.boolean(),
  /** Null: not known. */
  carrier: z.boolean().nullable(),
  mac: z.string().max(32).nullable(),
  /** With prefix length: `10.0.0.5/24`. */
  addresses: z.array(z.string().max(49)).max(16),
  gateway: z.string().max(45).nullable(),
});
export type PortStatus = z.infer<typeof portStatus>;

/** All that the console shows of a running appliance. No secrets. */
export const consoleStatus = z.object({
  state: z.enum([...connectionStates, 'no-platform']),
  /** What the present or last attempt to connect came after. */
  attempt: z.enum(attempts),
  /** The daemon reads its files after a start: the second file system check of the boot. */
  checkingFiles: z.boolean(),
  /** What is wrong with the connection; code, description and E-code are those of `network-error`, else empty. */
  error: z
    .object({
      code: z.string().max(2),
      description: z.string().max(16),
      eCode: z.string().max(3),
      message: text,
      hint: text,
    })
    .nullable(),
  kind: z.enum(['physical', 'virtual', 'process']),
  name: z.string().max(64).nullable(),
  platform: z.string().max(512).nullable(),
  activationCode: z.string().max(32).nullable(),
  lastContact: z.string().max(40).nullable(),
  softwareVersion: z.string().max(64),
  polling: z.enum(['long', 'plain']),
  scans: z.array(z.object({ kind: z.string().max(32), scanId: z.number(), state: z.string().max(32) })).max(64),
  updating: z.boolean(),
  waitingBytes: z.number(),
  trouble: z.array(text).max(16),
  ports: z.array(portStatus).max(8),
  dns: z.array(z.string().max(45)).max(8),
  doctor: doctorReport.nullable(),
});
export type ConsoleStatus = z.infer<typeof consoleStatus>;
