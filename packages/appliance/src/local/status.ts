import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { attempts } from '../console/errors/attempt.ts';
import { connectionStates } from '../daemon/connection-state.ts';

/** Where the daemon keeps its status inside the state directory; replaced whole at every change. */
export const statusFileName = 'status.json';

/** What the daemon says of itself to this machine: status file, `--json` lines on standard output, the console. No secrets. */
export const applianceStatus = z.object({
  state: z.enum(connectionStates),
  /** What the present or last attempt to connect came after. */
  attempt: z.enum(attempts).default('boot'),
  /** After a start the daemon reads its files before it asks for work. */
  checkingFiles: z.boolean().default(false),
  /** The daemon's process. */
  pid: z.number().int(),
  updatedAt: z.string(),
  platform: z.string(),
  softwareVersion: z.string(),
  contentVersion: z.string().default('unknown'),
  /** S2: content or software is being updated. */
  updating: z.boolean().default(false),
  applianceId: z.number().int().nullable(),
  name: z.string().nullable(),
  /** Shown while the platform waits for it to be entered. Not a secret towards this machine's owner. */
  activationCode: z.string().nullable(),
  activationExpiresAt: z.string().nullable(),
  /** Platform time of the last answered poll. */
  lastContact: z.string().nullable(),
  polling: z.enum(['long', 'plain']),
  lanAddress: z.string().nullable(),
  /**
   * Why there is no contact, or why the platform refuses: kind (a connect failure's or a problem's code), text, way out; `detail` is the
   * system's own word for it.
   */
  failure: z
    .object({
      kind: z.string(),
      reason: z.string().nullable(),
      message: z.string(),
      hint: z.string(),
      detail: z.string().default(''),
      /** Of a proxy: the code that it answered with, and whether an NTLM exchange was under way. */
      proxy: z.object({ status: z.number().int().nullable(), ntlm: z.boolean() }).nullable().default(null),
    })
    .nullable(),
  leases: z.array(z.object({ leaseId: z.string(), scanId: z.number(), kind: z.string(), state: z.string() })),
  spool: z.object({ events: z.number(), bytes: z.number(), full: z.boolean() }),
  trouble: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type ApplianceStatus = z.infer<typeof applianceStatus>;

/** The last status of the daemon of a state directory, and whether that process still runs. Null: none was ever written. */
export async function readStatus(
  stateDirectory: string,
): Promise<{ readonly status: ApplianceStatus; readonly running: boolean } | null> {
  const text = await readFile(join(stateDirectory, statusFileName), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = applianceStatus.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  return { status: parsed.data, running: parsed.data.state !== 'stopped' && isAlive(parsed.data.pid) };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
