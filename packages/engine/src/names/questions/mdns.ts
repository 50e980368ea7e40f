import { type DnsRecord, decodeDnsRecords, dnsQuestions, recordTypes } from '../dns-records.ts';
import { type DnsSdFacts, dnsSdFacts, serviceTypesName } from '../dns-sd.ts';
import { askUdp, type NameQuestion, spokenService } from '../name-question.ts';
import { reverseName } from '../reverse-name.ts';
import type { StageTools } from '../../run/stages.ts';

const port = 5353;
/** Service types whose instances are asked for, all in one query: one of them names the host. */
const mostTypes = 8;

/** One query with all questions; responders answer with one datagram or several. */
async function askAll(
  address: string,
  questions: readonly { readonly name: string; readonly type: number }[],
  tools: StageTools,
): Promise<readonly DnsRecord[] | null> {
  const payload = dnsQuestions(questions.map((question) => ({ ...question, unicast: true })));
  const answers = await askUdp({ address, port }, payload, tools);
  const decoded = answers.flatMap((answer) => decodeDnsRecords(answer) ?? []);
  return decoded.length === 0 ? null : decoded.flatMap(({ records }) => records);
}

/** Multicast DNS by unicast (RFC 6762 section 5.5): the name of the address, the service types, then what offers them. */
export const mdns: NameQuestion = {
  name: 'mdns',
  help: 'Asks the multicast DNS responder (UDP 5353), by unicast, for the name of the address, its services and their host.',
  protocol: 'udp',
  port,
  async ask(address, tools) {
    const reverse = reverseName(address);
    // Two queries: some responders pass over a packet that has a question they cannot answer.
    const [named, listed] = await Promise.all([
      reverse === null ? null : askAll(address, [{ name: reverse, type: recordTypes.ptr }], tools),
      askAll(address, [{ name: serviceTypesName, type: recordTypes.ptr }], tools),
    ]);
    if (!named && !listed) return null;
    const types = dnsSdFacts(listed ?? []).serviceTypes;
    const wanted = types.slice(0, mostTypes).map((type) => ({ name: `${type}.local`, type: recordTypes.ptr }));
    const offered = wanted.length === 0 ? null : await askAll(address, wanted, tools);
    const facts = dnsSdFacts([...(named ?? []), ...(listed ?? []), ...(offered ?? [])]);
    const own = facts.addresses.length === 0 || facts.addresses.includes(address) || named !== null;
    return answerOf(facts, own ? facts.hostnames : [], address);
  },
};

function answerOf(facts: DnsSdFacts, hostnames: readonly string[], address: string) {
  const hostname = hostnames[0];
  return {
    names: hostnames.map((name) => ({ name, source: 'mdns' as const })),
    addresses: facts.addresses.filter((each) => each !== address),
    service: spokenService('mdns', {
      ...(facts.serviceTypes.length === 0 ? {} : { info: `announces ${facts.serviceTypes.join(', ')}` }),
      ...(hostname === undefined ? {} : { hostname }),
    }),
  };
}
