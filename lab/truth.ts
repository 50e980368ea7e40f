import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const checkId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);
const packageName = z.string().regex(/^[a-z0-9][a-z0-9.+-]*$/);

const serviceSchema = z.strictObject({
  port: z.int().min(1).max(65_535),
  transport: z.enum(['tcp', 'udp']),
  /** IANA service name. With `tls`, the name of what is spoken inside. */
  service: z.string(),
  tls: z.boolean().default(false),
  /** Product as people call it, and vendor:product of its CPE name where one is in use. */
  product: z.string(),
  cpe: z.string().optional(),
  /** Debian package that the version is read from; absent where the service tells nothing of its product. */
  package: packageName.optional(),
  /** Package of the program that holds the port, where it is another one (a super-server). */
  listener: packageName.optional(),
  /**
   * What it tells to whoever asks without a log-in, and what a scanner may therefore be expected to know. Proved with ordinary clients, and
   * that it tells no more as well.
   */
  tells: z.array(z.enum(['name', 'product', 'version'])).min(1),
  /** Address families it listens on. */
  families: z.array(z.enum(['ipv4', 'ipv6'])).default(['ipv4', 'ipv6']),
  /** Ids of the starter pack's checks that must find something here. */
  weaknesses: z.array(checkId).default([]),
  /**
   * Weaknesses planted and proved that no starter check finds here from an address alone: there is none yet, it asks over another transport,
   * it needs the name of the host, or it is not safe and so left out by default.
   */
  beyondChecks: z.array(checkId).default([]),
  /** Ids of the checks whose weakness the hardened set-up takes away: a finding of one is false. Proved like the weaknesses. */
  resists: z.array(checkId).default([]),
});

const hostSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  ipv4: z.ipv4().optional(),
  ipv6: z.ipv6().optional(),
  hardened: z.boolean().default(false),
  /** Name of the host that it is the hardened twin of. */
  twinOf: z.string().optional(),
  /** TCP port that is all the host answers on; everything else, ping included, is dropped. */
  dropsAllBut: z.int().optional(),
  note: z.string(),
  /** What is reachable from the scanner. */
  services: z.array(serviceSchema),
  /** What listens but is dropped by the host's own firewall: to be seen inside only. */
  hidden: z.array(serviceSchema).default([]),
});

const endSchema = z.strictObject({ ipv4: z.ipv4(), ipv6: z.ipv6() });

const truthSchema = z.strictObject({
  /** Network of the hosts; the scanner has an address on it. */
  scanNetwork: z.strictObject({ ipv4: z.cidrv4(), ipv6: z.cidrv6(), scanner: endSchema }),
  /** Network between the platform and the scanner, with nothing else on it. */
  managementNetwork: z.strictObject({ ipv4: z.cidrv4(), ipv6: z.cidrv6(), scanner: endSchema, platform: endSchema }),
  hosts: z.array(hostSchema).min(12),
});

/** Everything that is true of the lab: networks, hosts, open ports, services, planted weaknesses. Versions come from dpkg, not from here. */
export type Truth = z.infer<typeof truthSchema>;
/** One host of the lab. */
export type TruthHost = z.infer<typeof hostSchema>;
/** One service on a host. */
export type TruthService = z.infer<typeof serviceSchema>;

/** Reads and validates `truth.json`. */
export async function loadTruth(): Promise<Truth> {
  return truthSchema.parse(JSON.parse(await readFile(new URL('truth.json', import.meta.url), 'utf8')));
}

/** Addresses of a host, IPv4 first. */
export function hostAddresses(host: TruthHost): readonly string[] {
  return [host.ipv4, host.ipv6].filter((address) => address !== undefined);
}
