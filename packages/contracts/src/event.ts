import { z } from 'zod';
import { ipLiteral, isoDateTime, phase, portNumber, severity, shortText, transport } from './primitive.ts';
import { certificateFacts, tlsSurvey } from './tls-facts.ts';

/**
 * What the engine says, as it happens. Facts come before the `unit` event that closes their unit; a unit that did not
 * end is run again after a crash, from its start (checks: from what their `checked` events say is done), so every fact has a natural key
 * (`eventKey`) and the reader folds by it.
 */

/** Why a unit or a check could not be evaluated. Stable words; shown with an explanation and what would mend it. */
export const notEvaluableReason = z.enum([
  'filtered',
  'host-silent',
  'fragile-host',
  'accepts-everything',
  'window-closed',
  'deadline',
  'lease-expired',
  'cancelled',
  'scope-denied',
  'connection-failed',
  'timeout',
  'tls-failed',
  'login-failed',
  'check-unsupported',
  'check-not-allowed',
  'oast-off',
  'budget-exhausted',
  'local-limit',
  'no-appliance',
  'internal-error',
]);
export type NotEvaluableReason = z.infer<typeof notEvaluableReason>;

/** A unit of the ledger: a phase of a host (subject = its address), or discovery of a block (subject = `first-last`). */
export const unitRef = z.object({ phase, subject: z.string().min(1).max(91) });
export type UnitRef = z.infer<typeof unitRef>;

/** `ports/10.0.0.7`. */
export function unitKey(unit: UnitRef): string {
  return `${unit.phase}/${unit.subject}`;
}

const common = { unit: unitRef, time: isoDateTime };

/** The raw exchange was taken out on the appliance: its disk was full while the platform was out of reach. */
const trimmed = z.literal(true).optional();

/**
 * What went out to find the hosts of a block, as the engine counted it, and what did not. One run's figures: they begin at nothing when the
 * unit is run again. At most 16 entries each.
 */
export const probesSent = z.object({
  sent: z
    .array(
      z.object({
        /**
         * `arp` requests, `ndp` neighbour solicitations (RFC 4861), `icmp-echo`, `icmp-timestamp`, `tcp-syn`, `tcp-ack`, `udp`; `tcp-connect`
         * connections by the kernel, which repeats a SYN by itself; `icmpv6-multicast` questions to all nodes or routers of a link.
         */
        kind: z.string().max(32),
        /** Packets that the kernel took; of `tcp-connect` connections that were begun. */
        sent: z.number().int().nonnegative(),
        /** The ports that were asked, a compressed list. */
        ports: z.string().max(1024).optional(),
      }),
    )
    .max(16),
  unsent: z
    .array(
      z.object({
        /**
         * `scope-denied` the local allow-list forbids them, `assumed` taken as there, `this-machine` loopback, `too-wide` too many to ask each and nothing led to them,
         * `local-limit` this machine could not ask, `no-raw-packets` ordinary connections went out instead; else why the unit stopped: so
         * many were not asked to the end.
         */
        reason: z.string().max(32),
        /** How many addresses; absent: it holds for all. */
        addresses: z.number().int().nonnegative().optional(),
        detail: z.string().max(256).optional(),
      }),
    )
    .max(16),
});
export type ProbesSent = z.infer<typeof probesSent>;

export const unitEvent = z.object({
  type: z.literal('unit'),
  ...common,
  state: z.enum(['running', 'done', 'not-evaluable', 'cancelled']),
  reason: notEvaluableReason.optional(),
  detail: shortText.optional(),
  /** discovery: `addresses`, `up`. ports: `tested`, `open`, `closed`, `filtered`. services: `services`. checks: `run`, `findings`, `notEvaluable`. */
  counts: z.record(z.string().max(32), z.number().int().nonnegative()).optional(),
  /** ports: what was tested and how it answered, as compressed lists; what is neither open nor here was not tested. */
  coverage: z
    .object({
      protocol: transport,
      tested: z.string().max(32_768),
      closed: z.string().max(32_768),
      filtered: z.string().max(32_768),
    })
    .array()
    .max(2)
    .optional(),
  /** discovery, when it ends or stops: what was sent. Absent: the engine does not count it. */
  probes: probesSent.optional(),
});

export const hostEvent = z.object({
  type: z.literal('host'),
  ...common,
  address: ipLiteral,
  state: z.enum(['up', 'silent']),
  /** How it showed itself: `syn-ack`, `rst`, `icmp-echo`, `arp`, `ndp`, `assumed`, `local`. */
  reason: z.string().max(32),
  /** Evidence: the port that answered, if one did. */
  port: portNumber.optional(),
  rttMs: z.number().nonnegative().optional(),
  mac: z
    .string()
    .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
    .optional(),
  /** Who made the interface, by the IEEE registration of `mac`. */
  macVendor: z.string().max(128).optional(),
  names: z
    .array(
      z.object({
        name: z.string().max(255),
        source: z.enum([
          'target',
          'ptr',
          'certificate',
          'netbios',
          'wins',
          'mdns',
          'llmnr',
          'smb',
          'snmp',
          'banner',
          'local',
        ]),
      }),
    )
    .max(64)
    .optional(),
});

/** The way to a host as hop limits showed it. A hop that stayed silent is null. */
export const routeEvent = z.object({
  type: z.literal('route'),
  ...common,
  address: ipLiteral,
  hops: z.array(z.object({ address: ipLiteral.nullable(), rttMs: z.number().nonnegative().optional() })).max(64),
  /** The host itself answered at the end of `hops`. */
  reached: z.boolean(),
});

/** A network that the scanner sees from where it stands: a prefix on one of its links, or one behind a gateway. */
export const networkEvent = z.object({
  type: z.literal('network'),
  ...common,
  /** `10.0.0.0/24`; `0.0.0.0/0` and `::/0` for the default route. */
  prefix: z.string().max(49),
  gateway: ipLiteral.nullable(),
  link: z.string().max(32),
  vlan: z.number().int().min(1).max(4094).optional(),
  /** `interface` an address of ours lies in it, `route` the kernel's table, `router-advertisement` (RFC 4861). */
  source: z.enum(['interface', 'route', 'router-advertisement']),
});

export const portEvent = z.object({
  type: z.literal('port'),
  ...common,
  address: ipLiteral,
  protocol: transport,
  port: portNumber,
  state: z.enum(['open', 'closed', 'filtered', 'open|filtered']),
  /** `syn-ack`, `accepted`, `reset`, `udp-answer`, `no-answer`, … */
  reason: z.string().max(32),
  ttl: z.number().int().min(0).max(255).optional(),
});

export const serviceEvent = z.object({
  type: z.literal('service'),
  ...common,
  address: ipLiteral,
  protocol: transport,
  port: portNumber,
  /** IANA service name (`http`, `ssh`, `domain`), `unknown` when nothing was recognised. */
  service: z.string().max(64),
  /** `tls` when the service speaks inside TLS from the first byte; `starttls` when it offers the upgrade. */
  tunnel: z.enum(['tls', 'starttls']).optional(),
  vendor: z.string().max(128).optional(),
  product: z.string().max(128).optional(),
  version: z.string().max(128).optional(),
  info: z.string().max(512).optional(),
  /** CPE 2.3 formatted strings. */
  cpes: z.array(z.string().max(256)).max(8),
  hostname: z.string().max(255).optional(),
  /** Operating system as far as the service gives it away. */
  os: z
    .object({
      vendor: z.string().max(128).optional(),
      product: z.string().max(128),
      version: z.string().max(128).optional(),
      cpe: z.string().max(256).optional(),
    })
    .optional(),
  /** 0 to 1: 1 the protocol was spoken, 0.3 the port number alone. */
  confidence: z.number().min(0).max(1),
  method: z.enum(['probe', 'banner', 'port-number']),
  evidence: z.object({ probe: z.string().max(64), excerpt: z.string().max(2048), trimmed }).optional(),
  tls: z
    .object({
      protocol: z.string().max(16),
      cipher: z.string().max(64),
      alpn: z.string().max(32).nullable(),
      certificate: certificateFacts.nullable(),
      error: z.string().max(128).nullable(),
      /** Absent when the service was not asked about its TLS beyond one handshake. */
      survey: tlsSurvey.optional(),
    })
    .optional(),
});

export const osEvent = z.object({
  type: z.literal('os'),
  ...common,
  address: ipLiteral,
  vendor: z.string().max(128).optional(),
  product: z.string().max(128),
  version: z.string().max(128).optional(),
  cpe: z.string().max(256).optional(),
  confidence: z.number().min(0).max(1),
  evidence: shortText,
});

export const proofClass = z.enum(['behaviour', 'package', 'version-banner']);

export const findingEvent = z.object({
  type: z.literal('finding'),
  ...common,
  address: ipLiteral,
  /** Absent for a finding about the host as a whole. */
  protocol: transport.optional(),
  port: portNumber.optional(),
  check: z.string().max(128),
  contentVersion: z.string().max(64),
  name: z.string().max(256),
  severity,
  proof: proofClass,
  /** Tells several findings of one check on one port apart (a path, a user). Empty when there can be only one. */
  instance: z.string().max(512),
  evidence: z.object({
    request: z.string().max(8192).optional(),
    response: z.string().max(16_384).optional(),
    /** Which matcher fired. */
    matcher: z.string().max(256).optional(),
    extracted: z.array(z.string().max(1024)).max(32).optional(),
    trimmed,
  }),
});

/**
 * The checks that ran on a port (or host) and found nothing, and those that could not be evaluated. Told now and then while checks run: each
 * event has what ended since the one before, and the findings of these checks came before it.
 */
export const checkedEvent = z.object({
  type: z.literal('checked'),
  ...common,
  address: ipLiteral,
  protocol: transport.optional(),
  port: portNumber.optional(),
  contentVersion: z.string().max(64),
  /** Digest of the plan of checks for this place, and which of it ended, found or not (`0-41,77`); see `checks-progress`. */
  plan: z.string().max(64).optional(),
  done: z.string().max(8192).optional(),
  /** Place among the events of one port, from 0. Absent: 0. */
  part: z.number().int().nonnegative().max(10_000).optional(),
  passed: z.array(z.string().max(128)).max(2000),
  notEvaluable: z
    .array(z.object({ check: z.string().max(128), reason: notEvaluableReason, detail: z.string().max(256).optional() }))
    .max(2000),
});

export const noteEvent = z.object({
  type: z.literal('note'),
  ...common,
  level: z.enum(['info', 'warning', 'error']),
  code: z.string().max(64),
  message: shortText,
  address: ipLiteral.optional(),
});

/** What was really sent so far in this run of the engine; cumulative, about every second while it works. */
export const statsEvent = z.object({
  type: z.literal('stats'),
  ...common,
  packetsSent: z.number().int().nonnegative(),
  connections: z.number().int().nonnegative(),
  answers: z.number().int().nonnegative(),
  timeouts: z.number().int().nonnegative(),
  /** Over the last second, and the highest second so far. */
  rate: z.number().nonnegative(),
  peakRate: z.number().nonnegative(),
  /** Most packets that a single host got. */
  busiestHost: z.object({ address: ipLiteral, packets: z.number().int().nonnegative() }).optional(),
});

export const engineEvent = z.discriminatedUnion('type', [
  unitEvent,
  hostEvent,
  routeEvent,
  networkEvent,
  portEvent,
  serviceEvent,
  osEvent,
  findingEvent,
  checkedEvent,
  noteEvent,
  statsEvent,
]);
export type EngineEvent = z.infer<typeof engineEvent>;
export type EngineEventOf<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>;

/** Closes a slice: written by the daemon after the engine's last event of it. */
export const sliceEvent = z.object({
  type: z.literal('slice'),
  time: isoDateTime,
  /** `complete`: every unit ended. `incomplete`: some did not, see reason. `stopped`: the platform asked, or see `by`. */
  outcome: z.enum(['complete', 'incomplete', 'stopped']),
  reason: notEvaluableReason.optional(),
  detail: shortText.optional(),
  /** Who cancelled it without the platform: a person who changed the network at the appliance's console. */
  by: z.literal('console').optional(),
});

/** One line of the spool and of an upload: an event with where it belongs. `seq` counts the whole spool stream, from 1. */
export const spooledEvent = z.object({
  seq: z.number().int().positive(),
  scan: z.number().int().nonnegative(),
  slice: z.number().int().nonnegative(),
  lease: z.string().max(64),
  event: z.discriminatedUnion('type', [...engineEvent.options, sliceEvent]),
});
export type SpooledEvent = z.infer<typeof spooledEvent>;

/** Natural key of a fact within one scan: the same fact found twice (after a crash) has the same key. Null for what is not a fact. */
export function eventKey(event: EngineEvent): string | null {
  switch (event.type) {
    case 'host':
      return `host|${event.address}`;
    case 'port':
    case 'service':
      return `${event.type}|${event.address}|${event.protocol}|${event.port}`;
    case 'os':
    case 'route':
      return `${event.type}|${event.address}`;
    case 'network':
      return `network|${event.prefix}|${event.gateway ?? ''}|${event.link}`;
    case 'finding':
      return `finding|${event.address}|${event.protocol ?? ''}|${event.port ?? ''}|${event.check}|${event.instance}`;
    case 'checked':
      return `checked|${event.address}|${event.protocol ?? ''}|${event.port ?? ''}${event.part ? `|${event.part}` : ''}`;
    case 'unit':
    case 'note':
    case 'stats':
      return null;
  }
}
