import { ber, berAt, berChildren, berInteger, berWhole } from '../ber.ts';
import { ascii, hex, indexOf, latin } from '../bytes.ts';
import type { Identification, ServiceProbe } from '../probe.ts';

const attributes = [
  'objectClass',
  'namingContexts',
  'defaultNamingContext',
  'dnsHostName',
  'vendorName',
  'vendorVersion',
  'supportedLDAPVersion',
  'supportedExtension',
  'forestFunctionality',
  'isGlobalCatalogReady',
];

/** SearchRequest (RFC 4511 section 4.5.1) of the root DSE: base "", scope base, filter (objectClass=*). */
const search = ber(
  0x30,
  hex('02 01 01'),
  ber(
    0x63,
    hex('04 00', '0a 01 00', '0a 01 00', '02 01 01', '02 01 05', '01 01 00'),
    ber(0x87, ascii('objectClass')),
    ber(0x30, ...attributes.map((name) => ber(0x04, ascii(name)))),
  ),
);

/** BindRequest (RFC 4511 section 4.2) of version 2, without name and password: how it is refused is in the server's own words. */
const oldBind = ber(0x30, hex('02 01 02'), ber(0x60, hex('02 01 02', '04 00', '80 00')));

const startTlsName = ascii('1.3.6.1.4.1.1466.20037');
/** StartTLS (RFC 4511 section 4.14.1), message 2. */
const startTlsRequest = ber(0x30, hex('02 01 02'), ber(0x77, ber(0x80, startTlsName)));

/** An ExtendedResponse (0x78) with result code 0. */
function grants(answer: Uint8Array | undefined): boolean {
  const response = berChildren(berAt(answer ?? new Uint8Array(0), 0)?.content ?? new Uint8Array(0))[1];
  return response?.tag === 0x78 && berInteger(berChildren(response.content)[0]?.content ?? new Uint8Array(0)) === 0;
}

/** Reads the root DSE of a directory server without binding; where that is refused, hears its refusal of an outdated greeting. */
export const ldap: ServiceProbe = {
  name: 'ldap',
  help: 'Reads the root DSE of a directory server without binding, and upgrades by StartTLS when that is offered.',
  services: ['ldap'],
  transport: 'tcp',
  opens: 'client',
  ports: [389, 3268, 1389, 10389],
  tlsPorts: [636, 3269],
  fallbackRank: 7,
  proved: 'server',
  next(answers, context) {
    if (answers.length === 0) return search;
    if (answers.length === 1 && refusal(answers[0]) !== null) return oldBind;
    if (context.tls) return null;
    if (answers.length === 1)
      return indexOf(answers[0] ?? new Uint8Array(0), startTlsName) > 0 ? startTlsRequest : null;
    return answers.length === 2 && grants(answers[1]) ? 'start-tls' : null;
  },
  whole(answer) {
    if (answer[0] !== 0x30) return true;
    const first = berAt(answer, 0);
    if (!first || first.end > answer.length) return false;
    return operation(first.content)?.tag === 0x64
      ? berWhole(answer.subarray(first.end), 0x30) && answer.length > first.end
      : true;
  },
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const message = berAt(answer, 0);
    if (message?.tag !== 0x30) return null;
    const first = operation(message.content);
    // 0x64 entry, 0x65 done with a result code; anything else is another protocol that happens to use BER.
    if (first?.tag === 0x65) return refused(answers);
    if (first?.tag !== 0x64) return null;
    return fromRootDse(rootDse(first.content));
  },
};

function operation(content: Uint8Array) {
  const [id, op] = berChildren(content);
  return id?.tag === 0x02 && [1, 2].includes(berInteger(id.content)) ? (op ?? null) : null;
}

/** The diagnostic message of an answer that is only a result: of a search (0x65) or a bind (0x61). Null: it is no such answer. */
function refusal(answer: Uint8Array | undefined): string | null {
  const message = berAt(answer ?? new Uint8Array(0), 0);
  const result = message?.tag === 0x30 ? operation(message.content) : null;
  if (result?.tag !== 0x65 && result?.tag !== 0x61) return null;
  const diagnostic = berChildren(result.content)[2];
  return diagnostic ? latin(diagnostic.content).slice(0, 512) : null;
}

function refused(answers: readonly Uint8Array[]): Identification | null {
  if (refusal(answers[0]) === null) return null;
  const banners = answers.flatMap((answer) => {
    const text = refusal(answer);
    return text ? [{ database: 'ldap.diagnostic', text }] : [];
  });
  return { service: 'ldap', info: 'root DSE refused', banners };
}

function rootDse(entry: Uint8Array): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const attribute of berChildren(berChildren(entry)[1]?.content ?? new Uint8Array(0))) {
    const [name, set] = berChildren(attribute.content);
    if (name && set)
      values.set(
        latin(name.content).toLowerCase(),
        berChildren(set.content).map((value) => latin(value.content)),
      );
  }
  return values;
}

function fromRootDse(dse: ReadonlyMap<string, readonly string[]>): Identification {
  const first = (name: string) => dse.get(name.toLowerCase())?.[0];
  const hostname = first('dnsHostName');
  const context = first('defaultNamingContext') ?? first('namingContexts');
  const startTls = dse.get('supportedextension')?.includes('1.3.6.1.4.1.1466.20037') ?? false;
  const common = {
    service: 'ldap',
    startTls,
    ...(hostname ? { hostname } : {}),
    ...(context ? { info: `naming context ${context}` } : {}),
    banners: [
      { database: 'ldap.rootdse', text: [...dse].map(([name, list]) => `${name}: ${list.join(' ')}`).join('\n') },
    ],
  };
  if (dse.get('objectclass')?.includes('OpenLDAProotDSE'))
    return { ...common, vendor: 'OpenLDAP', product: 'OpenLDAP', cpe: 'cpe:/a:openldap:openldap:-' };
  if (first('forestFunctionality') !== undefined || first('isGlobalCatalogReady') !== undefined)
    return { ...common, vendor: 'Microsoft', product: 'Active Directory' };
  const vendor = first('vendorName');
  const version = first('vendorVersion');
  return {
    ...common,
    ...(vendor ? { vendor } : {}),
    ...(version ? { product: version.split('/')[0] ?? version, version: version.split(/[/ ]/)[1] ?? version } : {}),
  };
}
