import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 6120 section 4.2: opening the stream; the server opens its own and lists its features. */
export const xmpp: ServiceProbe = {
  name: 'xmpp',
  help: 'Opens a client stream and reads the features.',
  services: ['xmpp-client', 'xmpp-server'],
  transport: 'tcp',
  opens: 'client',
  ports: [5222, 5269],
  tlsPorts: [5223],
  proved: 'server',
  next(answers, context) {
    if (answers.length === 1 && !context.tls && /<starttls/.test(latin(answers[0] ?? new Uint8Array(0))))
      return ascii('<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>');
    if (answers.length === 2 && /^\s*<proceed/.test(latin(answers[1] ?? new Uint8Array(0)))) return 'start-tls';
    if (answers.length > 0) return null;
    const kind = context.port === 5269 ? 'server' : 'client';
    return ascii(
      `<?xml version="1.0"?><stream:stream to="${context.host.replaceAll(/[^A-Za-z0-9.:[\]-]/g, '')}" xmlns="jabber:${kind}" xmlns:stream="http://etherx.jabber.org/streams" version="1.0">`,
    );
  },
  whole: (answer, index) => index > 0 || /<\/stream:(?:features|stream|error)>/.test(latin(answer)),
  classify(answers, context) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 8192));
    const stream = /<stream:stream[^>]{1,1000}>/.exec(text)?.[0];
    if (stream === undefined || !/\bid=['"]/.test(stream)) return null;
    const hostname = /\bfrom=['"]([A-Za-z0-9.-]{1,200})['"]/.exec(stream)?.[1];
    return {
      service: context.port === 5269 ? 'xmpp-server' : 'xmpp-client',
      startTls: /<starttls/.test(text),
      ...(hostname ? { hostname } : {}),
      banners: [{ database: 'xmpp.stream', text }],
    };
  },
};
