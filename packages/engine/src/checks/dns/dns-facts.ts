import { type ByteString, fromText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import { decodeMessage, type DnsMessage, type DnsResource } from '../../dns/message.ts';
import { dataText, messageText, questionText, sectionText, typeText } from '../../dns/record-text.ts';

/** Kinds of record that get a variable of their own, such as `cname`. */
const ownVariables = new Set(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT', 'CAA', 'TLSA', 'DS']);

/** The variables of an answer (format reference: `rcode`, `question`, `answer`, `ns`, `extra`, `raw`, one for each kind of record). */
export function dnsScope(request: string, message: Uint8Array): Map<string, DslValue> | null {
  const decoded = decodeMessage(message);
  if (decoded === null) return null;
  const raw = fromText(messageText(message, decoded));
  const scope = new Map<string, DslValue>([
    ['rcode', decoded.rcode],
    ['request', fromText(request)],
    ['question', fromText(questionText(decoded))],
    ['answer', fromText(sectionText(message, decoded.answers))],
    ['ns', fromText(sectionText(message, decoded.authority))],
    ['extra', fromText(sectionText(message, decoded.additional))],
  ]);
  for (const name of ['raw', 'body', 'all', 'response']) scope.set(name, raw);
  for (const [name, values] of recordValues(message, decoded.answers))
    scope.set(name, values.length === 1 ? (values[0] ?? '') : values);
  return scope;
}

/** The variables of an answer of several messages, such as a zone: texts and records of all, one after the other. */
export function dnsScopeOfAll(request: string, messages: readonly Uint8Array[]): Map<string, DslValue> | null {
  const scopes = messages.flatMap((message) => dnsScope(request, message) ?? []);
  const whole = scopes.shift() ?? null;
  if (whole === null) return null;
  const single = new Set(['rcode', 'request', 'question']);
  const parts = new Map([...whole].map(([name, value]) => [name, [value].flat()]));
  for (const scope of scopes)
    for (const [name, value] of scope) {
      if (single.has(name)) continue;
      const known = parts.get(name);
      if (known === undefined) parts.set(name, [value].flat());
      else known.push(...[value].flat());
    }
  const texts = new Set(['answer', 'ns', 'extra', 'raw', 'body', 'all', 'response']);
  for (const [name, values] of parts)
    whole.set(name, texts.has(name) ? values.join('\n') : values.length === 1 ? (values[0] ?? '') : values);
  return whole;
}

/** A query as text, for evidence. */
export function queryText(query: Uint8Array): string {
  const decoded: DnsMessage | null = decodeMessage(query);
  return decoded === null ? '' : messageText(query, decoded);
}

function recordValues(message: Uint8Array, records: readonly DnsResource[]): Map<string, ByteString[]> {
  const values = new Map<string, ByteString[]>();
  for (const record of records) {
    const type = typeText(record.type);
    const text = ownVariables.has(type) ? dataText(message, record) : null;
    if (text === null) continue;
    const bare = type === 'TXT' ? text.replace(/^"|"$/g, '') : text.replace(/\.$/, '');
    values.set(type.toLowerCase(), [...(values.get(type.toLowerCase()) ?? []), fromText(bare)]);
  }
  return values;
}
