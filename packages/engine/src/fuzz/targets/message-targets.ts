import { AnswerWatcher, readAnswer } from '../../checks/http/http-framing.ts';
import { PipelinedAnswers } from '../../checks/http/pipelined-answers.ts';
import { decodeMessage } from '../../dns/message.ts';
import { messageText } from '../../dns/record-text.ts';
import { decodeDnsRecords } from '../../names/dns-records.ts';
import { dnsSdFacts } from '../../names/dns-sd.ts';
import { decodeNameQuery, decodeNodeStatus } from '../../names/netbios-message.ts';
import { ascii, concat } from '../../services/bytes.ts';
import { berAt, berChildren, berInteger, berWhole } from '../../services/ber.ts';
import { decodeDns } from '../../services/dns-message.ts';
import { parseHttpResponse } from '../../services/http-response.ts';
import { reply, replyWhole } from '../../services/line-reply.ts';
import { findChallenge } from '@picket/ntlm/challenge';
import { printable } from '../../services/printable.ts';
import { decodeRpcReply, dumpedPrograms, rpcRecordWhole } from '../../services/rpc-message.ts';
import { sipIdentification } from '../../services/sip-message.ts';
import { decodeNegotiated } from '../../services/smb2-message.ts';
import { decodeEngineId, decodeSnmpResponse } from '../../services/snmp-message.ts';
import { binaryAnswers } from '../corpus/binary-answers.ts';
import { textAnswers } from '../corpus/text-answers.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

const limits = { maxBody: 65_536, seconds: 0, end: 'closed' } as const;
const latin = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);

/** Everything that reads messages which several probes share, and HTTP as the checks frame it. */
export const messageTargets: readonly FuzzTarget[] = [
  {
    name: 'message/dns',
    covers: ['decodeDns'],
    corpus: [binaryAnswers.dns],
    decode: (input) => decodeDns(input),
  },
  {
    name: 'message/dns-records',
    covers: ['decodeDnsRecords'],
    corpus: [binaryAnswers.dns, binaryAnswers.multicastDns],
    decode: (input) => {
      const decoded = decodeDnsRecords(input);
      return decoded && [decoded, dnsSdFacts(decoded.records)];
    },
  },
  {
    name: 'message/dns-whole',
    covers: ['decodeMessage'],
    corpus: [binaryAnswers.dns, binaryAnswers.multicastDns],
    decode: (input) => {
      const decoded = decodeMessage(input);
      return decoded && messageText(input, decoded);
    },
  },
  {
    name: 'message/netbios',
    covers: ['decodeNodeStatus', 'decodeNameQuery'],
    corpus: [binaryAnswers.netbios],
    decode: (input) => [decodeNodeStatus(input), decodeNameQuery(input)],
  },
  {
    name: 'message/snmp',
    covers: ['decodeSnmpResponse', 'decodeEngineId'],
    corpus: [binaryAnswers.snmp],
    decode: (input) => [decodeSnmpResponse(input), decodeEngineId(input)],
  },
  {
    name: 'message/smb',
    covers: ['decodeNegotiated'],
    corpus: [binaryAnswers.smb, binaryAnswers.ntlm],
    decode: (input) => [decodeNegotiated(input), findChallenge(input)],
  },
  {
    name: 'message/rpc',
    covers: ['decodeRpcReply'],
    corpus: [binaryAnswers.rpc, binaryAnswers.rpc.subarray(4)],
    decode: (input) => [decodeRpcReply(input), rpcRecordWhole(input), dumpedPrograms(input)],
  },
  {
    name: 'message/ber',
    covers: [],
    corpus: [binaryAnswers.snmp, binaryAnswers.ldap, binaryAnswers.kerberos],
    decode: (input) => [berAt(input, 0), berChildren(input), berInteger(input), berWhole(input, 0x30)],
  },
  {
    name: 'message/line',
    covers: [],
    corpus: textAnswers,
    decode: (input) => [reply(input), replyWhole(input), sipIdentification(input), printable(latin(input), 512)],
  },
  {
    name: 'message/http-response',
    covers: ['parseHttpResponse'],
    corpus: textAnswers,
    decode: (input) => parseHttpResponse(input),
  },
  {
    name: 'message/http-framing',
    covers: [],
    corpus: [
      ...textAnswers,
      concat(ascii('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n'), gzipped()),
      ascii('HTTP/1.1 200 OK\r\nContent-Encoding: constructor\r\n\r\nbody'),
    ],
    decode: (input) => {
      const watch = new AnswerWatcher('GET').isWhole;
      const halfway = watch(input.subarray(0, input.length >> 1));
      return [
        halfway,
        watch(input),
        readAnswer(input, 'GET', limits),
        readAnswer(input, 'HEAD', { ...limits, end: 'limit' }),
      ];
    },
  },
  {
    name: 'message/http-pipeline',
    covers: [],
    corpus: [...textAnswers, ascii('HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na')],
    decode: (input) => {
      const found = new PipelinedAnswers(['GET', 'HEAD', 'GET'], 65_536, () => 0);
      found.isWhole(input.subarray(0, input.length >> 1));
      return found.finish(input, 'closed');
    },
  },
];

/** `hello` as gzip writes it (RFC 1952). */
function gzipped(): Uint8Array {
  return Uint8Array.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0]);
}
