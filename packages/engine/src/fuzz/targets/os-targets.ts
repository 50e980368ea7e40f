import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import type { SeenService } from '../../os/evidence.ts';
import { judgeEvidence } from '../../os/identify-os.ts';
import { stackSighting } from '../../os/stack-sighting.ts';
import { offeredOptions } from '../../os/tcp-options.ts';
import { berObjectId } from '../../services/ber.ts';
import { hex, latin } from '../../services/bytes.ts';
import { printable } from '../../services/printable.ts';
import { type FuzzTarget, utf8 } from '../fuzz-target.ts';

const fingerprints = new FingerprintDb([]);

/** A service that says the input wherever a service can say something. */
function saying(input: Uint8Array): SeenService {
  const text = printable(latin(input), 2048);
  return {
    type: 'service',
    address: '10.0.0.1',
    protocol: 'udp',
    port: 161,
    service: 'snmp',
    product: text.slice(0, 128),
    version: text.slice(0, 128),
    info: text.slice(0, 512),
    os: { product: text.slice(0, 128), version: text.slice(0, 128) },
    cpes: [],
    confidence: 1,
    method: 'probe',
    evidence: { probe: 'snmp', excerpt: text },
  };
}

/** What is judged of operating systems. */
export const osTargets: readonly FuzzTarget[] = [
  {
    name: 'os/stack',
    covers: [],
    corpus: [offeredOptions(1), hex('02 04 05 b4 01 03 03 08 01 01 04 02')],
    decode: (input) => {
      const tcp = { flags: 18, window: 65_160, sequence: 1, acknowledgement: 2, options: input };
      const synAck = { from: '10.0.0.1', rttMs: 1, kind: 'tcp', hopLimit: 64, tcp, payload: input } as const;
      return stackSighting({ synAck, ecnSynAck: synAck, reset: null, echo: null, timestamp: null });
    },
  },
  {
    name: 'os/service',
    covers: [],
    corpus: [
      utf8('SNMPv2c, community "public", object id 1.3.6.1.4.1.8072.3.2.10: Linux'),
      utf8('HTTP/1.1 200 OK\r\nServer: Apache/2.4.62 (Debian)\r\n\r\n'),
      utf8('5.5.5-10.11.6-MariaDB-0+deb12u1'),
      utf8('10.0.20348'),
    ],
    decode: (input) => judgeEvidence({ services: [saying(input)], stack: null }, fingerprints),
  },
  {
    name: 'os/object-id',
    covers: [],
    corpus: [hex('2b 06 01 04 01 bf 08 03 02 0a')],
    decode: (input) => berObjectId(input),
  },
];
