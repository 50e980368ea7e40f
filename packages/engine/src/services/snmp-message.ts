import { ber, berAt, berChildren, berInteger } from './ber.ts';
import { ascii, hex } from './bytes.ts';

/** Object identifiers that are asked for, as their bytes in hex. */
export const snmpOids = {
  /** 1.3.6.1.2.1.1.1.0 (RFC 3418 section 2). */
  description: '2b06010201010100',
  /** 1.3.6.1.2.1.1.2.0: names the maker of the agent. */
  objectId: '2b06010201010200',
  /** 1.3.6.1.2.1.1.5.0. */
  name: '2b06010201010500',
  /** 1.3.6.1.4.1.2021.100.2.0, `versionTag` of UCD-SNMP-MIB: Net-SNMP's own version. */
  netSnmpVersion: '2b060104018f65640200',
} as const;

/** GetRequest (RFC 3416 section 3, RFC 1901) for all of them with community `public`. Version 2c answers each by itself. */
export const snmpGet: Uint8Array = ber(
  0x30,
  hex('02 01 01'),
  ber(0x04, ascii('public')),
  ber(
    0xa0,
    hex('02 02 50 49', '02 01 00', '02 01 00'),
    ber(0x30, ...Object.values(snmpOids).map((oid) => ber(0x30, ber(0x06, hex(oid)), hex('05 00')))),
  ),
);

/** Engine discovery of version 3 (RFC 3414 section 4): an empty user asks, a Report tells the engine's id. */
export const snmpDiscovery: Uint8Array = ber(
  0x30,
  hex('02 01 03'),
  ber(0x30, hex('02 02 50 49', '02 03 00 ff e3', '04 01 04', '02 01 03')),
  ber(0x04, ber(0x30, hex('04 00', '02 01 00', '02 01 00', '04 00', '04 00', '04 00'))),
  ber(0x30, hex('04 00', '04 00'), ber(0xa0, hex('02 02 50 49', '02 01 00', '02 01 00', '30 00'))),
);

/** Texts and object identifiers of a Response by their OID bytes in hex; null when the bytes are none. */
export function decodeSnmpResponse(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> | null {
  const message = berAt(bytes, 0);
  const [version, community, pdu] = message?.tag === 0x30 ? berChildren(message.content) : [];
  if (version?.tag !== 0x02 || berInteger(version.content) > 1 || community?.tag !== 0x04 || pdu?.tag !== 0xa2)
    return null;
  const bindings = berChildren(pdu.content)[3];
  const values = new Map<string, Uint8Array>();
  for (const binding of berChildren(bindings?.content ?? new Uint8Array(0))) {
    const [name, value] = berChildren(binding.content);
    if (name?.tag === 0x06 && (value?.tag === 0x04 || value?.tag === 0x06))
      values.set(Buffer.from(name.content).toString('hex'), value.content);
  }
  return values;
}

/** The engine id in a Report of version 3 (RFC 3411 section 5), or null. */
export function decodeEngineId(bytes: Uint8Array): Uint8Array | null {
  const message = berAt(bytes, 0);
  const [version, , security] = message?.tag === 0x30 ? berChildren(message.content) : [];
  if (version?.tag !== 0x02 || berInteger(version.content) !== 3 || security?.tag !== 0x04) return null;
  const engine = berChildren(berAt(security.content, 0)?.content ?? new Uint8Array(0))[0];
  return engine?.tag === 0x04 && engine.content.length >= 5 && engine.content.length <= 32 ? engine.content : null;
}
