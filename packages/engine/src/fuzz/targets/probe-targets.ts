import type { ProbeContext, ServiceProbe } from '../../services/probe.ts';
import { probes } from '../../services/registry.ts';
import { binaryAnswers } from '../corpus/binary-answers.ts';
import { textAnswers } from '../corpus/text-answers.ts';
import { tlsMessages } from '../corpus/tls-messages.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

const context: ProbeContext = { host: 'host.test', port: 7, tls: false };

/** Every answer of every protocol: what one protocol says is hostile input to the others. */
const answers: readonly Uint8Array[] = [...textAnswers, ...Object.values(binaryAnswers), tlsMessages.alert];

/** One target for each probe of the registry, so that a new probe is fuzzed from its first day. */
export const probeTargets: readonly FuzzTarget[] = probes.map((probe) => ({
  name: `probe/${probe.name}`,
  covers: [],
  corpus: answers,
  maxLength: 1024,
  decode: (input: Uint8Array) => hear(probe, conversation(input)),
}));

/** The input as one answer, and cut into several: the first byte says where. */
function conversation(input: Uint8Array): readonly (readonly Uint8Array[])[] {
  const cut = Math.min(input.length, (input[0] ?? 0) + 1);
  const head = input.subarray(0, cut);
  const tail = input.subarray(cut);
  return [[input], [head, tail], [new Uint8Array(0), head, tail, input]];
}

function hear(probe: ServiceProbe, talks: readonly (readonly Uint8Array[])[]): unknown {
  return talks.map((given) => [
    probe.next(given, context),
    given.map((answer, index) => [probe.whole?.(answer, index), probe.mayBe?.(answer)]),
    probe.classify(given, context),
  ]);
}
