import { ascii, concat, hex, indexOf, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A literal header of HPACK with an indexed name (RFC 7541 section 6.2.2), the value as it is. */
function literal(nameIndex: number, value: string): Uint8Array {
  return concat(Uint8Array.of(nameIndex, value.length), ascii(value));
}

/** `application/grpc` as Huffman code (RFC 7541 appendix B), as servers send it. */
const grpcType = hex('1d 75 d0 62 0d 26 3d 4c 4d 65 64');

/** RFC 9113 section 3.4, with prior knowledge: preface and empty SETTINGS, then GET / on stream 1. */
export const http2: ServiceProbe = {
  name: 'http2',
  help: 'Speaks HTTP/2 with prior knowledge and asks for the start page; a gRPC server shows by its content type.',
  services: ['http', 'grpc'],
  transport: 'tcp',
  opens: 'client',
  ports: [50051],
  tlsPorts: [50051],
  fallbackRank: 14,
  proved: 'server',
  next(answers, { host, tls }) {
    if (answers.length === 0) {
      // :method GET, :path /, :scheme, then :authority (1).
      const block = concat(hex('82 84'), Uint8Array.of(tls ? 0x87 : 0x86), literal(0x01, host.slice(0, 100)));
      const headers = concat(Uint8Array.of(0, 0, block.length), hex('01 05 00000001'), block);
      return concat(ascii('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), hex('000000 04 00 00000000'), headers);
    }
    // Read on for the answer to the question.
    return answers.length === 1 && isSettings(answers[0]) ? new Uint8Array(0) : null;
  },
  classify(answers) {
    if (!isSettings(answers[0])) return null;
    const grpc = answers.some((each) => indexOf(each, grpcType) >= 0 || indexOf(each, ascii('application/grpc')) >= 0);
    return { service: grpc ? 'grpc' : 'http', info: grpc ? 'gRPC over HTTP/2' : 'HTTP/2 with prior knowledge' };
  },
};

/** A SETTINGS frame (type 4) on stream 0 whose length is a multiple of six, as the server's first. */
export function isSettings(answer: Uint8Array | undefined): boolean {
  if (!answer || answer.length < 9 || u8(answer, 0) !== 0) return false;
  return (
    u16be(answer, 1) % 6 === 0 &&
    u16be(answer, 1) <= 600 &&
    u8(answer, 3) === 4 &&
    u8(answer, 4) === 0 &&
    answer.subarray(5, 9).every((byte) => byte === 0)
  );
}
