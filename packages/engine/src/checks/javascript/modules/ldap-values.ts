import { ownValue } from '@picket/base/own-value';
import { ascii, concat } from '../../../services/bytes.ts';
import type { LdapFound } from '../clients/ldap-session.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import { textOfBytes } from './global-functions.ts';

/** Names that attributes of an entry have in a script; all others are in `Extra` by their own name. */
const known: Readonly<Record<string, string>> = {
  currentTime: 'CurrentTime',
  subschemaSubentry: 'SubschemaSubentry',
  dsServiceName: 'DsServiceName',
  namingContexts: 'NamingContexts',
  defaultNamingContext: 'DefaultNamingContext',
  schemaNamingContext: 'SchemaNamingContext',
  configurationNamingContext: 'ConfigurationNamingContext',
  rootDomainNamingContext: 'RootDomainNamingContext',
  supportedLDAPVersion: 'SupportedLDAPVersion',
  highestCommittedUSN: 'HighestCommittedUSN',
  supportedSASLMechanisms: 'SupportedSASLMechanisms',
  dnsHostName: 'DnsHostName',
  ldapServiceName: 'LdapServiceName',
  serverName: 'ServerName',
  isSynchronized: 'IsSynchronized',
  isGlobalCatalogReady: 'IsGlobalCatalogReady',
  domainFunctionality: 'DomainFunctionality',
  forestFunctionality: 'ForestFunctionality',
  domainControllerFunctionality: 'DomainControllerFunctionality',
  distinguishedName: 'DistinguishedName',
  sAMAccountName: 'SAMAccountName',
  pwdLastSet: 'PWDLastSet',
  lastLogon: 'LastLogon',
  memberOf: 'MemberOf',
  servicePrincipalName: 'ServicePrincipalName',
};
const times = ['currentTime', 'pwdLastSet', 'lastLogon'];

/** The result of a search: one spelling for a script, another in its JSON, as the public format has it. */
export function searchValue(entries: readonly LdapFound[], referrals: readonly string[]): ScriptValue {
  const values = entries.map(entryValue);
  const json = { referrals, controls: [], entries: values.map(({ $json }) => $json) };
  return { Referrals: referrals, Controls: [], Entries: values, $json: json };
}

function entryValue({ dn, attributes }: LdapFound) {
  const inScript: Record<string, ScriptValue> = {};
  const inJson: Record<string, ScriptValue> = {};
  const extra: Record<string, ScriptValue> = {};
  for (const [name, raw] of attributes) {
    const texts = raw.map((value) => (times.includes(name) ? adTime(textOfBytes(value)) : textOfBytes(value)));
    const spelled = ownValue(known, name);
    if (spelled === undefined) extra[name] = texts;
    else {
      inScript[spelled] = texts;
      inJson[name] = texts;
    }
  }
  const more = Object.keys(extra).length === 0 ? {} : { extra };
  return {
    DN: textOfBytes(dn),
    Attributes: { ...inScript, Extra: extra, $json: { ...inJson, ...more } },
    $json: { dn: textOfBytes(dn), attributes: { ...inJson, ...more } },
  };
}

/** Seconds from 1601 to 1970. */
const epoch = 11_644_473_600;

/** A time of Active Directory, hundreds of nanoseconds since 1601, as people read it; what is no such number stays as it is. */
export function adTime(text: string): string {
  if (!/^-?[0-9]{1,19}$/.test(text)) return text;
  const ticks = BigInt(text);
  if (ticks === 0n || ticks === 0x7fff_ffff_ffff_ffffn) return 'Not Set';
  return readable(Number(ticks / 10_000_000n) - epoch);
}

/** A time in the form of RFC 3339 as people read it; the empty text for what is none. */
export function zuluTime(text: string): string {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  return Number.isNaN(milliseconds) ? '' : readable(milliseconds / 1000);
}

/** `2019-05-29 3:40:0 pm`, UTC. */
function readable(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return '';
  const hour = date.getUTCHours();
  const time = [hour % 12 === 0 ? 12 : hour % 12, date.getUTCMinutes(), date.getUTCSeconds()].join(':');
  return `${date.toISOString().slice(0, 10)} ${time} ${hour < 12 ? 'am' : 'pm'}`;
}

/** A security identifier as `S-1-5-21-…` (MS-DTYP section 2.4.2.2), of its bytes or of a text that holds them; the empty text for what is none. */
export function sidText(value: string): string {
  // Bytes that happen to be UTF-8 came as the text that they mean.
  const bytes = [ascii(value), new TextEncoder().encode(value)].find((raw) => raw.length === 8 + 4 * (raw[1] ?? 256));
  if (bytes === undefined || bytes[0] !== 1) return '';
  const view = new DataView(concat(bytes).buffer);
  const authority = view.getUint16(2) * 0x1_0000_0000 + view.getUint32(4);
  const parts = Array.from({ length: bytes[1] ?? 0 }, (_, index) => view.getUint32(8 + 4 * index, true));
  return ['S', 1, authority, ...parts].join('-');
}
