import { ber, berAt, berChildren, berInteger, berWhole } from '../ber.ts';
import { ascii, hex, latin } from '../bytes.ts';
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

/** Reads the root DSE of a directory server without binding. */
export const ldap: ServiceProbe = {
  name: 'ldap',
  help: 'Reads the root DSE of a directory server without binding.',
  services: ['ldap'],
  transport: 'tcp',
  opens: 'client',
  ports: [389, 3268, 1389, 10389],
  tlsPorts: [636, 3269],
  fallbackRank: 7,
  next: (answers) => (answers.length === 0 ? search : null),
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
    if (first?.tag === 0x65)
      return berChildren(first.content).length >= 3 ? { service: 'ldap', info: 'root DSE refused' } : null;
    if (first?.tag !== 0x64) return null;
    return fromRootDse(rootDse(first.content));
  },
};

function operation(content: Uint8Array) {
  const [id, op] = berChildren(content);
  return id?.tag === 0x02 && berInteger(id.content) === 1 ? (op ?? null) : null;
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
