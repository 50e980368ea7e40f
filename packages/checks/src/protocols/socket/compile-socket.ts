import { hostShape } from '../host-form.ts';
import { compilePayloads } from '../payloads.ts';
import type { SocketBlock, SocketInput } from './socket-block.ts';
import { text } from '../../template/checked-text.ts';
import { expression } from '../../template/matcher.ts';
import { compileOperators } from '../../template/operators.ts';
import type { MapReader } from '../../template/reader.ts';

const mostRead = 1_048_576;
/** Compiles one entry of `tcp:` (or `network:`). `udp://` hosts are ours: the same steps over datagrams. */
export function compileSocket(reader: MapReader): SocketBlock {
  const hosts = readHosts(reader);
  const block: SocketBlock = {
    protocol: hosts.udp ? 'udp' : 'tcp',
    id: reader.text('id') || null,
    tls: hosts.tls,
    ports: [...new Set([...hosts.ports, ...readPorts(reader)])],
    places: hosts.places.map((host) => text(reader, 'host', host)),
    inputs: reader.items('inputs').map(compileInput),
    payloads: compilePayloads(reader),
    readSize: Math.min(mostRead, reader.flag('read-all') ? mostRead : reader.integer('read-size') || 1024),
    answered: reader.texts('picket-answered').flatMap((source) => expression(reader, 'picket-answered', source)),
    operators: compileOperators(reader, 'data'),
    stopAtFirstMatch: reader.flag('stop-at-first-match'),
  };
  for (const key of ['name', 'threads', 'exclude-ports']) reader.node(key);
  reader.finish();
  return block;
}

/** TLS where all forms of the host ask for it; beside a plain form the service decides. */
function readHosts(reader: MapReader): { udp: boolean; tls: boolean; ports: number[]; places: string[] } {
  const own = reader.uses.has('own-place');
  const result = { udp: false, ports: [] as number[], places: [] as string[] };
  const schemes = new Set<string>();
  for (const host of reader.texts('host', 'address')) {
    const match = hostShape.exec(host.trim());
    if (own) {
      result.udp ||= /^udp:/i.test(host.trim());
      result.places.push(host);
      continue;
    }
    if (!match) {
      reader.unsupported('host', 'host-form', `"${host.slice(0, 60)}" is not the scanned host`);
      continue;
    }
    result.udp ||= match[1] === 'udp://';
    schemes.add(match[1] ?? 'tcp://');
    if (match[2] !== undefined) result.ports.push(Number(match[2]));
  }
  return { ...result, tls: schemes.size === 1 && schemes.has('tls://') };
}

function readPorts(reader: MapReader): number[] {
  return (reader.text('port') ?? '').split(',').flatMap((part) => {
    const item = part.trim();
    if (item === '' || item === '{{Port}}') return [];
    const port = /^[0-9]{1,5}$/.test(item) ? Number(item) : 0;
    if (port < 1 || port > 65_535) reader.wrong('port', `"${item.slice(0, 20)}" is not a port`);
    return [port];
  });
}

function compileInput(reader: MapReader): SocketInput {
  const data = reader.text('data');
  const input: SocketInput = {
    data: data === undefined ? null : text(reader, 'data', data),
    hex: reader.choice(['hex', 'text'], 'text', 'type') === 'hex',
    read: Math.min(mostRead, reader.integer('read') ?? 0),
    name: reader.text('name') ?? null,
  };
  reader.finish();
  return input;
}
