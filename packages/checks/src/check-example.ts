import { err, ok, type Result } from '@picket/base/result';
import { z } from 'zod';
import { parseYamlTree } from './yaml-tree.ts';

const word = z.string().max(65_536);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const number = z
  .string()
  .regex(/^-?[0-9]{1,9}$/)
  .transform(Number);

/**
 * A call back that a server makes to the place that the check put into its request, before it answers. `say`: the name that is asked for
 * in DNS, or the whole request of HTTP; `{{place}}` stands for the place, `{{name}}` for all of the name that ends with it, lookups of
 * Log4j done. Nobody is called where nobody listens, as in `picket content test`.
 */
const call = z.strictObject({ protocol: z.enum(['http', 'dns']), say: word.optional() });

/** An answer of a scripted TCP or UDP server: `when` holds if what came since the last answer contains it; without it, always. */
const reply = z
  .strictObject({
    when: word.optional(),
    'when-hex': word.optional(),
    'when-regex': word.optional(),
    send: word.optional(),
    'send-hex': word.optional(),
    /** Hang up after it. */
    close: flag.optional(),
    call: call.optional(),
  })
  .refine((item) => [item.send, item['send-hex'], item.close, item.call].some((part) => part !== undefined), {
    message: 'an answer sends, calls or closes',
  });

/** An answer of an HTTP server. `{{origin}}` and `{{host}}` in header values and `{{path}}` in the body stand for the request's. */
const route = z.strictObject({
  path: word.optional(),
  method: z.string().max(16).optional(),
  'when-header': z.record(z.string(), word).optional(),
  'when-body': word.optional(),
  status: number.optional(),
  /** Milliseconds before the answer. */
  'delay-ms': number.optional(),
  headers: z.record(z.string(), word).optional(),
  body: word.optional(),
  call: call.optional(),
});

/** Parts of a certificate's subject that an example may have. */
const subjectParts = ['CN', 'O', 'OU', 'L', 'ST', 'C', 'emailAddress'] as const;

/** A certificate made for the example. Days count from now. */
const certificate = z.strictObject({
  name: z.string().max(253).optional(),
  /** The whole subject in the order of its parts, in place of `name`: `CN`, `O`, `OU`, `L`, `ST`, `C`, `emailAddress`. */
  subject: z.partialRecord(z.enum(subjectParts), z.string().max(253)).optional(),
  names: z.array(z.string().max(253)).optional(),
  'not-before-days': number.optional(),
  'not-after-days': number.optional(),
  /** `rsa-2048`, `rsa-1024`, `ec-256`. */
  key: z.enum(['rsa-2048', 'rsa-1024', 'ec-256']).optional(),
  /** `self` or the name of an issuer that nobody knows. */
  issuer: z.string().max(64).optional(),
});

/** A server of an example, for other files that describe some. */
export const exampleServer = z.strictObject({
  protocol: z.enum(['tcp', 'udp', 'http', 'https', 'tls']),
  /** Sent as soon as a client connects. */
  greeting: word.optional(),
  'greeting-hex': word.optional(),
  answers: z.array(reply).optional(),
  routes: z.array(route).optional(),
  certificate: certificate.optional(),
  'tls-min': z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).optional(),
  'tls-max': z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']).optional(),
  /** OpenSSL cipher list. */
  'tls-ciphers': z.string().max(400).optional(),
  /** In place of all that: an old server of TLS 1.2 that sends its first flight and nothing after it. */
  'tls-old': z
    .strictObject({
      compression: flag.optional(),
      'insecure-renegotiation': flag.optional(),
      /** Length of the prime of its finite-field exchange, bytes; without it, RSA key exchange. */
      'prime-bytes': number.optional(),
    })
    .optional(),
});
export type ExampleServer = z.infer<typeof exampleServer>;
export type ExampleCall = z.infer<typeof call>;
export type ExampleRoute = z.infer<typeof route>;
export type ExampleReply = z.infer<typeof reply>;

const example = z.strictObject({
  title: z.string().min(1).max(200),
  /** `unanswered`: the server does not answer the question, so the check must not count as passed. */
  expect: z.enum(['match', 'none', 'unanswered']),
  server: exampleServer,
  /** Names of the host that the scan knows. */
  names: z.array(z.string().max(253)).optional(),
  /** Values that must be among the extracted ones. */
  extracted: z.array(word).optional(),
});
export type CheckExample = z.infer<typeof example>;

const file = z.strictObject({ examples: z.array(example).min(1).max(50) });

/** Reads `<id>.examples.yaml`: tiny servers and what the check must say about them. The error is one line. */
export function parseExamples(source: string): Result<readonly CheckExample[], string> {
  const tree = parseYamlTree(source);
  if (!tree.ok) return tree;
  const read = file.safeParse(tree.value);
  return read.success ? ok(read.data.examples) : err(z.prettifyError(read.error).replaceAll('\n', ' '));
}
