import { ownValue } from '@picket/base/own-value';
import { ldapFilters } from '@picket/checks/script/ldap-filters';
import { parseLdapFilter } from '../clients/ldap-filter.ts';
import type { LdapSearch } from '../clients/ldap-messages.ts';
import { ldapBounds, LdapSession } from '../clients/ldap-session.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import type { ScriptArgs } from '../script-args.ts';
import { misuse, refusal, ScriptFault } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';
import { textOfBytes } from './global-functions.ts';
import { adTime, searchValue, sidText, zuluTime } from './ldap-values.ts';

/** What the root entry says of the server. */
type RootFacts = ReadonlyMap<string, string>;

/** A client of a script: its session, and what it knows of the directory. */
class LdapClient {
  readonly session: LdapSession;
  readonly port: number;
  readonly realm: string;
  #root: RootFacts | null = null;

  constructor(session: LdapSession, port: number, realm: string) {
    this.session = session;
    this.port = port;
    this.realm = realm;
  }

  /** Where searches begin: the realm's entry, or what the server has where the script names no realm but a port. */
  async base(): Promise<string> {
    if (this.realm !== '') return domainName(this.realm);
    const root = await this.root();
    return root.get('defaultnamingcontext') ?? root.get('namingcontexts') ?? '';
  }

  /** First values of the root entry by the name of the attribute in small letters, read once. */
  async root(): Promise<RootFacts> {
    return this.#root ?? this.readRoot();
  }

  /** A server may tell more to who is logged in. */
  async readRoot(): Promise<RootFacts> {
    const attributes = ['namingContexts', ...metadataAttributes];
    const { entries } = await this.session.search({ ...rootSearch, attributes });
    const found = entries[0]?.attributes ?? [];
    this.#root = new Map(
      found.map(([name, values]) => [name.toLowerCase(), textOfBytes(values[0] ?? new Uint8Array(0))]),
    );
    return this.#root;
  }
}

const metadataAttributes = [
  'defaultNamingContext',
  'domainFunctionality',
  'forestFunctionality',
  'domainControllerFunctionality',
  'dnsHostName',
];
const present = parseLdapFilter('(objectClass=*)') ?? new Uint8Array(0);
const defaults = { derefAliases: 0, sizeLimit: ldapBounds.entries, timeLimit: 0, typesOnly: false };
const rootSearch: LdapSearch = { ...defaults, base: '', scope: 0, filter: present, attributes: [] };

function domainName(realm: string): string {
  return realm
    .split('.')
    .map((part) => `dc=${part}`)
    .join(',');
}

/** `ldap://host`, `ldaps://host:636`, `host`: without a port it is the service that is checked. */
function placeOf(url: string, host: ScriptHost): { host: string; port: number; tls?: boolean } {
  const match = /^(?:(ldaps?):\/\/)?(\[[0-9a-fA-F:.]{2,60}\]|[^/:?#\s]{1,255})(?::([0-9]{1,5}))?(?:\/.*)?$/i.exec(
    url.trim(),
  );
  if (!match) throw misuse('the address of a directory server is ldap://HOST or ldaps://HOST');
  const [, scheme = '', name = '', port] = match;
  const secure = scheme.toLowerCase() === 'ldaps' ? { tls: true } : {};
  return { host: name, port: port === undefined ? host.endpoint.port : Number(port), ...secure };
}

const connect: ScriptFunction = async (args, host) => {
  const place = placeOf(args.text(0), host);
  if (place.port < 1 || place.port > 65_535) throw misuse('there is no such port');
  const seconds = Number(args.field(2, 'Timeout') ?? 0);
  const timeout = seconds >= 1 && seconds <= 30 ? { timeoutMs: seconds * 1000 } : {};
  const channel = await host.connect(place.host, place.port, {
    ...(place.tls === undefined ? {} : { tls: place.tls }),
    ...timeout,
  });
  const session = new LdapSession(channel, host.session.clock);
  const plain = !(place.tls ?? (place.port === host.endpoint.port && host.endpoint.tls));
  if (args.field(2, 'Upgrade') === true && plain) {
    const name = args.field(2, 'ServerName');
    await session.secure(typeof name === 'string' && name !== '' ? name : host.endpoint.name);
  }
  // A port stands where the realm belongs in many scripts.
  const realm = /^[0-9]{1,5}$/.test(args.text(1)) ? '' : args.text(1);
  const client = new LdapClient(session, place.port, realm);
  const facts = { Host: place.host, Port: place.port, Realm: realm, BaseDN: realm === '' ? '' : domainName(realm) };
  return { $id: host.hold(client), ...facts };
};

/**
 * The name that a simple bind wants. A short name is no name of the directory: Active Directory takes `name@domain`, others the
 * entry of that name below their root, which is where their set-up puts the administrator.
 */
async function bindName(client: LdapClient, name: string): Promise<string> {
  if (name === '' || /[=@\\]/.test(name)) return name;
  const root = await rootFor(client);
  const base = await client.base();
  const domain = [...base.matchAll(/(?:^|,)\s*dc=([^,]{1,64})/gi)].map((match) => match[1]).join('.');
  const active = root.has('domainfunctionality');
  if (active && domain !== '') return `${name}@${domain}`;
  return base === '' ? name : `cn=${name.replace(/[,+"\\<>;#]/g, '\\$&')},${base}`;
}

/** A server that tells nobody its root leaves a short name without meaning: then nothing was tried. */
async function rootFor(client: LdapClient): Promise<RootFacts> {
  try {
    return await client.root();
  } catch (error) {
    if (error instanceof ScriptFault && error.failure === null)
      throw misuse('the server does not tell its root, and the account has a short name');
    throw error;
  }
}

const authenticate: ScriptFunction = async (args, host) => {
  const client = host.held(args, LdapClient);
  const [name, password] = [args.text(1), args.text(2)];
  const bound = password === '' ? name : await bindName(client, name);
  // Without a password nobody is logged in (RFC 4513 section 5.1.2).
  if (password !== '') host.login('ldap', client.port, name);
  await client.session.bind(bound, password);
  return true;
};

async function found(client: LdapClient, search: Omit<LdapSearch, 'filter'>, filter: string): Promise<ScriptValue> {
  const parsed = parseLdapFilter(filter);
  if (parsed === null) throw misuse(`"${filter.slice(0, 60)}" is no filter`);
  const { entries, referrals } = await client.session.search({ ...search, filter: parsed });
  return searchValue(entries, referrals);
}

/** Texts one by one or in a list, from a place on. */
function texts(args: ScriptArgs, from: number): string[] {
  const values = Array.from({ length: Math.max(0, args.length - from) }, (_, at) => args.value(from + at));
  return values.flat().flatMap((value) => (typeof value === 'string' ? [value] : []));
}

async function searchBelow(args: ScriptArgs, host: ScriptHost, filter: string, attributes: readonly string[]) {
  const client = host.held(args, LdapClient);
  return found(client, { ...defaults, base: await client.base(), scope: 2, attributes }, filter);
}

const accountAttributes = [
  'distinguishedName',
  'sAMAccountName',
  'pwdLastSet',
  'lastLogon',
  'memberOf',
  'servicePrincipalName',
];
const all = (...names: readonly string[]) => `(&${names.map((name) => ownValue(ldapFilters, name) ?? '').join('')})`;

/** Questions about accounts of Active Directory, by the function that asks them. */
const accountQuestions: Readonly<Record<string, string>> = {
  GetADUsers: all('FilterIsPerson'),
  GetADActiveUsers: all('FilterIsPerson', 'FilterAccountEnabled'),
  GetADUserWithNeverExpiringPasswords: all('FilterIsPerson', 'FilterDontExpirePassword'),
  GetADUserTrustedForDelegation: all('FilterIsPerson', 'FilterTrustedForDelegation'),
  GetADUserWithPasswordNotRequired: all('FilterIsPerson', 'FilterPasswordNotRequired'),
  GetADGroups: all('FilterIsGroup'),
  GetADDCList: all('FilterIsComputer', 'FilterAccountEnabled', 'FilterServerTrustAccount'),
  GetADAdmins: all('FilterIsPerson', 'FilterAccountEnabled', 'FilterIsAdmin'),
  GetADUserKerberoastable: all('FilterIsPerson', 'FilterAccountEnabled', 'FilterHasServicePrincipalName'),
  GetADUserAsRepRoastable: all('FilterIsPerson', 'FilterDontRequirePreauth'),
};
const accounts = Object.entries(accountQuestions).map(([name, filter]): [string, ScriptFunction] => [
  `ldap.Client.${name}`,
  (args, host) => searchBelow(args, host, filter, accountAttributes),
]);

/** The entry of the domain itself carries its identifier. */
const domainSid: ScriptFunction = async (args, host) => {
  const client = host.held(args, LdapClient);
  const search = { ...rootSearch, base: await client.base(), attributes: ['objectSid'] };
  const { entries } = await client.session.search(search);
  const value = entries[0]?.attributes.find(([name]) => name.toLowerCase() === 'objectsid')?.[1][0];
  if (value === undefined) throw refusal('the domain tells no identifier');
  return sidText(Buffer.from(value).toString('latin1'));
};

const metadata: ScriptFunction = async (args, host) => {
  const client = host.held(args, LdapClient);
  const root = await client.readRoot();
  const told = metadataAttributes.map((name) => [
    `${name[0]?.toUpperCase()}${name.slice(1)}`,
    root.get(name.toLowerCase()) ?? '',
  ]);
  return { BaseDN: await client.base(), Domain: client.realm, ...Object.fromEntries(told) };
};

const advanced: ScriptFunction = async (args, host) => {
  const client = host.held(args, LdapClient);
  const controls = args.list(8);
  if (controls.length > 0) throw misuse('controls of a search are not there');
  const search = {
    base: await client.base(),
    scope: args.number(1, { from: 0, to: 2 }, 2),
    derefAliases: args.number(2, { from: 0, to: 3 }, 0),
    sizeLimit: args.number(3, { from: 0, to: 0x7fffffff }, 0) || ldapBounds.entries,
    timeLimit: args.number(4, { from: 0, to: 3600 }, 0),
    typesOnly: args.value(5) === true,
    attributes: args.list(7).flatMap((name) => (typeof name === 'string' ? [name] : [])),
  };
  return found(client, search, args.text(6));
};

/** `nuclei/ldap`: reads a directory, and changes nothing in it. */
export const ldapFunctions: Readonly<Record<string, ScriptFunction>> = {
  'ldap.Client': connect,
  'ldap.Client.Authenticate': authenticate,
  'ldap.Client.Search': (args, host) => searchBelow(args, host, args.text(1), texts(args, 2)),
  'ldap.Client.AdvancedSearch': advanced,
  'ldap.Client.FindADObjects': (args, host) => searchBelow(args, host, args.text(1), accountAttributes),
  ...Object.fromEntries(accounts),
  'ldap.Client.GetADDomainSID': domainSid,
  'ldap.Client.CollectMetadata': metadata,
  'ldap.Client.Close': async (args, host) => {
    await host.held(args, LdapClient).session.close();
    return null;
  },
  'ldap.DecodeADTimestamp': (args) => adTime(args.text(0)),
  'ldap.DecodeZuluTimestamp': (args) => zuluTime(args.text(0)),
  'ldap.DecodeSID': (args) => sidText(args.text(0)),
  'ldap.JoinFilters': (args) => `(&${texts(args, 0).join('')})`,
  'ldap.NegativeFilter': (args) => `(!${args.text(0)})`,
};
