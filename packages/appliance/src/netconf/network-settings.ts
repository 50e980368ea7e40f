import { canonicalIp, parseIp } from '@picket/base/ip';
import { Secret } from '@picket/base/secret';
import { z } from 'zod';

/**
 * What a port does about speed and duplex: auto negotiation, or one forced mode that must equal the link partner's. Megabits a second, then
 * duplex. The order is the order in which the console turns them.
 */
export const linkModes = ['auto', '1000-full', '100-full', '100-half', '10-full', '10-half'] as const;
export type LinkMode = (typeof linkModes)[number];

/** An address in its canonical form (RFC 5952 for IPv6). Form only: whether it makes sense is `settings-problems.ts`. */
const addressText = z
  .string()
  .max(45)
  .transform((text, context) => {
    const canonical = canonicalIp(text);
    if (canonical !== null) return canonical;
    const parsed = parseIp(text);
    context.addIssue(`${JSON.stringify(text)} is not an address: ${parsed.ok ? 'it is empty' : parsed.error.reason}`);
    return z.NEVER;
  });

const automatic = z.strictObject({ method: z.literal('dhcp') });

/** One port's own network, typed in. Addresses are IPv4, or IPv6 in IPv6-only mode. */
const staticNetwork = z.strictObject({
  method: z.literal('static'),
  address: addressText,
  /** Bits of the network part. The console offers 1 to 30 for IPv4; 64 is its first value for IPv6. */
  prefixLength: z.int().min(1).max(128),
  gateway: addressText,
  /** In the order in which they are asked. */
  dns: z.array(addressText).min(1).max(2),
});
export type StaticNetwork = z.infer<typeof staticNetwork>;

const staticLan = z.strictObject({
  ...staticNetwork.shape,
  /** WINS servers, asked for names of Windows machines in a scan. */
  wins: z.array(addressText).max(2),
  /** Search domain for short target names; never used to reach the platform. */
  domain: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,253}$/, 'a domain holds letters, digits, dots, hyphens and underscores')
    .nullable(),
});

/** A stored document holds the password as text; in memory it does not show itself. */
const secretText = z.union([
  z.instanceof(Secret),
  z
    .string()
    .max(1024)
    .transform((text) => new Secret(text)),
]);

/**
 * What was entered at the console or came with the image's deployment properties: the values in force, stored on the appliance and never
 * changed by the platform. `method: 'dhcp'` in IPv6-only mode means router advertisements, and DHCPv6 where they ask for it.
 */
export const networkSettings = z.strictObject({
  version: z.literal(1),
  ipMode: z.enum(['ipv4-and-ipv6', 'ipv6-only']),
  lan: z.discriminatedUnion('method', [automatic, staticLan]),
  /** 802.1Q tag of LAN's own network; 0 sends untagged. */
  lanVlan: z.int().min(0).max(4094),
  /** Null: LAN carries all. Otherwise split network: management on WAN only, scanning on LAN only. */
  wan: z.discriminatedUnion('method', [automatic, staticNetwork]).nullable(),
  /** HTTP proxy for everything that goes to the platform; null is a direct connection. */
  proxy: z
    .strictObject({
      host: z.string().min(1).max(253),
      port: z.int().min(1).max(65_535),
      user: z.string().min(1).max(255).nullable(),
      password: secretText.nullable(),
    })
    .nullable(),
  links: z.strictObject({ lan: z.enum(linkModes), wan: z.enum(linkModes) }),
  /** What was explicitly chosen at the console: DHCP and VLAN then hide each other's menu option. */
  chosen: z.strictObject({ dhcp: z.boolean(), vlan: z.boolean() }),
});
export type NetworkSettings = z.infer<typeof networkSettings>;
export type LanSettings = NetworkSettings['lan'];
export type WanSettings = NonNullable<NetworkSettings['wan']>;
export type ProxySettings = NonNullable<NetworkSettings['proxy']>;

/** The factory default, which a reset brings back. */
export const factorySettings: NetworkSettings = {
  version: 1,
  ipMode: 'ipv4-and-ipv6',
  lan: { method: 'dhcp' },
  lanVlan: 0,
  wan: null,
  proxy: null,
  links: { lan: 'auto', wan: 'auto' },
  chosen: { dhcp: false, vlan: false },
};

/** The document as it is stored and sent to the network helper: the one place that writes the proxy's password out. */
export function settingsDocument(settings: NetworkSettings): unknown {
  const { proxy } = settings;
  if (proxy === null) return settings;
  return { ...settings, proxy: { ...proxy, password: proxy.password === null ? null : proxy.password.reveal() } };
}
