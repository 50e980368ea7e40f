import { type NameAnswers, type NameServer, nameServer, wireName } from '@picket/engine/testing/name-server';
import { also, type CasePlay, type CaseTools, judgeCount } from '../conformance-case.ts';
import { startWeb } from '../web-server.ts';

/** Types of record (IANA registry of DNS parameters). */
const types = { a: 1, ns: 2, cname: 5, ptr: 12, txt: 16, aaaa: 28, srv: 33, tlsa: 52, caa: 257 } as const;

const host = 'www.example.test';

/** A resolver of ours that the case owns. */
async function resolver(tools: CaseTools, answers: NameAnswers): Promise<NameServer> {
  return tools.own(await nameServer(answers));
}

/** The name of the host has these records of the type, and nothing else has any. */
function record(type: keyof typeof types, ...data: readonly Uint8Array[]): CasePlay {
  return async (tools, expect) => {
    const server = await resolver(tools, (name, asked) => (name === host && asked === types[type] ? data : []));
    const outcome = judgeCount(await tools.run({ port: 53, name: host, dns: server.at }), expect);
    return also(outcome, server.asked.length > 0 ? '' : 'the resolver was not asked');
  };
}

const bytes = (...values: readonly number[]) => Uint8Array.from(values);
const text = (words: string) => bytes(words.length, ...Buffer.from(words));

/** `dns/*`: every name is answered by a resolver of ours. */
export const dnsCases: Readonly<Record<string, CasePlay>> = {
  'protocols/dns/a.yaml': record('a', bytes(1, 1, 1, 1)),
  'protocols/dns/aaaa.yaml': record('aaaa', Buffer.from('26064700470000000000000000001001', 'hex')),
  'protocols/dns/cname.yaml': record('cname', wireName('target.example.test')),
  'protocols/dns/srv.yaml': record(
    'srv',
    Buffer.concat([bytes(0, 10, 0, 5, 0x13, 0xc4), wireName('sip.example.test')]),
  ),
  'protocols/dns/ns.yaml': record('ns', wireName('ns1.example.test'), wireName('ns2.example.test')),
  'protocols/dns/txt.yaml': record('txt', text('v=spf1 -all')),
  'protocols/dns/caa.yaml': record('caa', bytes(0, 5, ...Buffer.from('issueca.example.test'))),
  'protocols/dns/tlsa.yaml': record('tlsa', bytes(3, 1, 1, ...Buffer.alloc(32, 0xab))),
  'protocols/dns/ptr.yaml': record('ptr', wireName('host-7.example.test')),
  'protocols/dns/variables.yaml': record('a', bytes(192, 0, 2, 1)),
  'protocols/dns/payload.yaml': async (tools, expect) => {
    const server = await resolver(tools, (name, type) =>
      name === `docs.${host}` && type === types.a ? [bytes(192, 0, 2, 7)] : [],
    );
    const outcome = judgeCount(await tools.run({ port: 53, name: host, dns: server.at }), expect);
    return also(outcome, server.asked.length === 3 ? '' : `${server.asked.length} of 3 names were asked for`);
  },
  'protocols/dns/dsl-matcher-variable.yaml': record('cname', wireName('target.example.test')),
};

const alias: NameAnswers = (_name, type) => (type === types.cname ? [wireName('cname.vercel-dns.com')] : []);

/** A host whose name is an alias, with a web server that answers `body`; `certificate` makes it speak TLS under that name. */
function aliasAndWeb(body: string, results: number, certificate?: string): CasePlay {
  return async (tools) => {
    const names = await resolver(tools, alias);
    const web = tools.own(await startWeb(() => body, certificate === undefined ? {} : { tls: certificate }));
    const run = { port: web.port, name: certificate ?? host, tls: certificate !== undefined, dns: names.at };
    const outcome = judgeCount(await tools.run(run), results);
    return also(outcome, names.asked.length > 0 ? '' : 'the resolver was not asked');
  };
}

const documented = 'docs.projectdiscovery.io';

/** Cases in which an answer of DNS decides or feeds requests of other protocols. */
export const mixedCases: Readonly<Record<string, CasePlay>> = {
  'flow/conditional-flow.yaml': aliasAndWeb('<html><body>here</body></html>', 1),
  // The page has the word, but the alias that must come first is another.
  'flow/conditional-flow-negative.yaml': aliasAndWeb('<html>hosted at ghost.io</html>', 0),
  'protocols/multi/dynamic-values.yaml': aliasAndWeb('<html><title>home</title></html>', 1),
  'protocols/multi/evaluate-variables.yaml': aliasAndWeb('<html><title>home</title></html>', 1, documented),
  'protocols/multi/exported-response-vars.yaml': aliasAndWeb('<html><title>home</title></html>', 1, documented),
};
