import { text } from '../../template/checked-text.ts';
import { compileOperators } from '../../template/operators.ts';
import type { MapReader } from '../../template/reader.ts';
import { compilePayloads } from '../payloads.ts';
import { type DnsBlock, type DnsType, type dnsClasses, dnsTypes } from './dns-block.ts';

const isType = (name: string): name is DnsType => Object.hasOwn(dnsTypes, name);
const classNames = ['inet', 'csnet', 'chaos', 'hesiod', 'none', 'any'] as const satisfies (keyof typeof dnsClasses)[];

/** Compiles one entry of `dns:`. */
export function compileDns(reader: MapReader): DnsBlock {
  const written = (reader.text('type') ?? 'A').trim().toUpperCase();
  if (!isType(written)) reader.unsupported('type', `dns:${written.slice(0, 20)}`, 'this record type is not supported');
  if (written === 'AXFR' && reader.texts('resolvers').length === 0)
    reader.unsupported(
      'resolvers',
      'dns:AXFR',
      'a zone is asked of the scanned host, so its name server must be named',
    );
  // Asking from the root servers down would leave the organisation's own resolver.
  if (reader.flag('trace')) reader.unsupported('trace', 'field:trace', 'questions go to the configured resolver alone');
  const name = reader.text('name') ?? '';
  if (name === '') reader.wrong('name', 'it is missing');
  const recursion = reader.text('recursion');
  const block: DnsBlock = {
    protocol: 'dns',
    id: reader.text('id') || null,
    name: text(reader, 'name', name),
    type: isType(written) ? written : 'A',
    class: reader.choice(classNames, 'inet', 'class'),
    recursion: recursion === undefined || recursion === '' || reader.flag('recursion'),
    tries: Math.min(10, Math.max(1, reader.integer('retries') ?? 2)),
    resolvers: reader.texts('resolvers').map((resolver) => text(reader, 'resolvers', resolver)),
    payloads: compilePayloads(reader),
    operators: compileOperators(reader, 'raw'),
  };
  for (const key of ['threads', 'trace-max-recursion']) reader.node(key);
  reader.finish();
  return block;
}
