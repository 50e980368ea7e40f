import { ownValue } from '@picket/base/own-value';
import type { CheckProgram, RequestBlock } from '../check.ts';
import type { HttpRequestText } from '../protocols/http/http-block.ts';
import type { TemplateText } from '../template/text.ts';
import type { Endpoint } from './target-scope.ts';

const written = /^(?:([a-z]+):\/\/)?(?:\[([0-9a-f:.]+)\]|([^:/?#\s@[\]]+))(?::([0-9]{1,5}))?(?=[/?#]|$)/i;
const usualPorts: Readonly<Record<string, number>> = { http: 80, https: 443 };

/**
 * The endpoint that a self-contained request names, `https://host:port/path`, `tls://host:port` or `host:port`, if it is the scanned
 * host: its address, or a name under which it is known. Null: another host, which is outside the scope. `usual`: the port where none is
 * written and the scheme has none.
 */
export function ownPlace(text: string, scanned: Endpoint, usual = 80): Endpoint | null {
  const match = written.exec(text.trim());
  if (match === null) return null;
  const scheme = (match[1] ?? '').toLowerCase();
  const host = (match[2] ?? match[3] ?? '').toLowerCase();
  const names = [...(scanned.names ?? []), ...(scanned.name === null ? [] : [scanned.name])];
  const name = names.find((known) => known.toLowerCase() === host) ?? null;
  if (name === null && host !== scanned.address) return null;
  const port = match[4] === undefined ? (ownValue(usualPorts, scheme) ?? usual) : Number(match[4]);
  if (port < 1 || port > 65_535) return null;
  const tls = scheme === 'https' || scheme === 'tls' || (scheme === '' && port === 443);
  return { address: scanned.address, name, names, port, tls };
}

/** Hosts that the requests of a self-contained program name, as far as that is written in them; `*` for the others. */
export function namedPlaces(program: CheckProgram): string[] {
  return [
    ...new Set(program.blocks.flatMap(ofBlock).map((text) => (text === null ? '*' : (literalHost(text) ?? '*')))),
  ];
}

function ofBlock(block: RequestBlock): (TemplateText | null)[] {
  if (block.protocol === 'http') return block.requests.map(placeOfRequest);
  return 'places' in block ? [...block.places] : [null];
}

/** What says where an HTTP request goes: its target if it is absolute, else the Host field. Null: nothing does. */
export function placeOfRequest(request: HttpRequestText): TemplateText | null {
  if (/^https?:/i.test(startOf(request.target)) || !startOf(request.target).startsWith('/')) return request.target;
  return request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? null;
}

/** What a text begins with before its first marker. */
function startOf(text: TemplateText): string {
  if ('literal' in text) return text.literal;
  const first = text.node.kind === 'call' ? text.node.args[0] : undefined;
  return first?.kind === 'string' ? first.value : '';
}

function literalHost(text: TemplateText): string | null {
  const start = startOf(text);
  const match = written.exec(start);
  if (match === null) return null;
  // A marker may go on with what is written.
  if (!('literal' in text) && match[0] === start) return null;
  return (match[2] ?? match[3] ?? '').toLowerCase();
}
