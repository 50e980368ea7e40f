import { concat, be16, u16be } from '../../services/bytes.ts';
import type { StageTools } from '../../run/stages.ts';
import { decodeDnsRecords, dnsQuestions, recordTypes } from '../dns-records.ts';
import { askUdp, type NameQuestion, questionTimeoutMs, spokenService } from '../name-question.ts';
import { reverseName } from '../reverse-name.ts';

const port = 5355;

/**
 * LLMNR (RFC 4795): the name of an address is asked of that address, over TCP (section 2.4). Many responders take a unicast datagram
 * as well and some take nothing else, so both are tried, the datagram first.
 */
export const llmnr: NameQuestion = {
  name: 'llmnr',
  help: 'Asks the link-local multicast name resolution responder (5355), by unicast, for the name of the address.',
  protocol: 'udp',
  port,
  second: { protocol: 'tcp', port },
  async ask(address, tools) {
    const name = reverseName(address);
    if (name === null) return null;
    const query = dnsQuestions([{ name, type: recordTypes.ptr }]);
    const [datagram] = await askUdp({ address, port }, query, tools);
    const answer = decodeDnsRecords(datagram ?? (await askTcp(address, query, tools)));
    if (!answer) return null;
    const hostnames = answer.records.flatMap(({ type, value }) => (type === recordTypes.ptr && value ? [value] : []));
    const hostname = hostnames[0];
    return {
      names: hostnames.slice(0, 8).map((each) => ({ name: each, source: 'llmnr' })),
      ...(datagram ? { service: spokenService('llmnr', hostname === undefined ? {} : { hostname }) } : {}),
    };
  },
};

/** Over TCP each message has its length before it, 16 bits (RFC 1035 section 4.2.2). Empty without an answer. */
async function askTcp(address: string, query: Uint8Array, tools: StageTools): Promise<Uint8Array> {
  const limits = { timeoutMs: questionTimeoutMs, signal: tools.signal };
  const connected = await tools.dialer.connectTcp({ address, port, ...limits });
  if (!connected.ok) return new Uint8Array(0);
  try {
    await connected.value.write(concat(be16(query.length), query));
    const whole = (bytes: Uint8Array) => bytes.length >= 2 && bytes.length >= 2 + u16be(bytes, 0);
    const { bytes } = await connected.value.read({ timeoutMs: questionTimeoutMs, maxBytes: 4096, until: whole });
    return bytes.subarray(2);
  } finally {
    connected.value.close();
  }
}
