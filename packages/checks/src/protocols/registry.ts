import type { RequestBlock } from '../check.ts';
import type { MapReader } from '../template/reader.ts';
import { compileDns } from './dns/compile-dns.ts';
import { compileFile } from './file/compile-file.ts';
import { compileHttp } from './http/compile-http.ts';
import { compileJavascript } from './javascript/compile-javascript.ts';
import { compileSocket } from './socket/compile-socket.ts';
import { compileTls } from './tls/compile-tls.ts';

/** A kind of request that a template may hold. */
interface Protocol {
  /** Keys under which a template lists its requests, and names of it in a flow; the first is today's spelling. */
  readonly keys: readonly string[];
  /** Compiles one entry of the list. What is wrong or not supported goes to the reader's problems. */
  readonly compile: (reader: MapReader) => RequestBlock;
}

const protocols: readonly Protocol[] = [
  { keys: ['http', 'requests'], compile: compileHttp },
  { keys: ['tcp', 'network'], compile: compileSocket },
  { keys: ['ssl'], compile: compileTls },
  { keys: ['dns'], compile: compileDns },
  { keys: ['javascript'], compile: compileJavascript },
  { keys: ['file'], compile: compileFile },
];

/** Protocols of the format that this runtime does not have. */
export const foreignProtocols = ['headless', 'websocket', 'whois', 'code'];

/** The protocol that a key of a template, or a call in its flow, stands for. */
export function protocolOf(key: string): Protocol | undefined {
  return protocols.find(({ keys }) => keys.includes(key));
}
