/** How hard a scan may press. One table for the whole product (architecture, "Settled small things"). */
export interface Profile {
  readonly name: ProfileName;
  /** Ceiling for the whole scan. */
  readonly packetsPerSecond: number;
  readonly packetsPerSecondPerHost: number;
  readonly hostsAtOnce: number;
  readonly connectionsPerHost: number;
  readonly checksPerHost: number;
  /** How long one TCP connect may stay unanswered. */
  readonly connectTimeoutMs: number;
  /** How often a silent port is asked again. */
  readonly retries: number;
}

export const profileNames = ['gentle', 'normal', 'fast', 'lab'] as const;
export type ProfileName = (typeof profileNames)[number];

/** Profiles that the platform offers: `lab` has no limits and exists on the command line only. */
export const platformProfileNames = ['gentle', 'normal', 'fast'] as const;
export type PlatformProfileName = (typeof platformProfileNames)[number];

function profile(
  name: ProfileName,
  figures: readonly [number, number, number, number, number],
  timing: { readonly connectTimeoutMs: number; readonly retries: number },
): Profile {
  const [packetsPerSecond, packetsPerSecondPerHost, hostsAtOnce, connectionsPerHost, checksPerHost] = figures;
  return {
    name,
    packetsPerSecond,
    packetsPerSecondPerHost,
    hostsAtOnce,
    connectionsPerHost,
    checksPerHost,
    ...timing,
  };
}

export const profiles: Readonly<Record<ProfileName, Profile>> = {
  gentle: profile('gentle', [200, 20, 8, 2, 1], { connectTimeoutMs: 3000, retries: 1 }),
  normal: profile('normal', [2000, 200, 64, 8, 4], { connectTimeoutMs: 2000, retries: 1 }),
  fast: profile('fast', [20_000, 1000, 256, 16, 8], { connectTimeoutMs: 1500, retries: 1 }),
  lab: profile('lab', [1_000_000, 1_000_000, 1024, 256, 16], { connectTimeoutMs: 1000, retries: 1 }),
};

/** `profile` held to at most `packetsPerSecond` in all: a user's `--rate` never raises a limit, it replaces the scan-wide one. */
export function withRate(profile: Profile, packetsPerSecond: number): Profile {
  return {
    ...profile,
    packetsPerSecond,
    packetsPerSecondPerHost: Math.min(profile.packetsPerSecondPerHost, packetsPerSecond),
  };
}

/** How hard a scan with raw packets may press, beyond the figures of its profile. Packets a second, and connections. */
export interface PacketLimits {
  /** To one /24 of IPv4, or one /96 of IPv6. */
  readonly perNetwork: number;
  /** Questions that everybody on a link hears: ARP, neighbour discovery. They wake sleeping devices and cost each of them time. */
  readonly multicast: number;
  /** Connections through one gateway that nobody answered: a firewall keeps each in its table for half a minute. */
  readonly halfOpenPerGateway: number;
}

/** Per profile, by name: leases carry the name, so that no platform has to know of these. */
export const packetLimits: Readonly<Record<ProfileName, PacketLimits>> = {
  gentle: { perNetwork: 100, multicast: 50, halfOpenPerGateway: 2000 },
  normal: { perNetwork: 1000, multicast: 500, halfOpenPerGateway: 20_000 },
  fast: { perNetwork: 10_000, multicast: 2000, halfOpenPerGateway: 100_000 },
  lab: { perNetwork: 1_000_000, multicast: 1_000_000, halfOpenPerGateway: 100_000_000 },
};
