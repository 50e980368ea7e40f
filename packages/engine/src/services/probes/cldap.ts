import { ber, berAt, berChildren } from '../ber.ts';
import { ascii, hex, indexOf, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Search of the root DSE for the site ping of a domain controller (MS-ADTS section 6.3.3): attribute Netlogon, NtVer 6. */
const filter = ber(0xa0, ber(0xa3, ber(0x04, ascii('NtVer')), ber(0x04, hex('06 00 00 00'))));
const request = ber(
  0x30,
  hex('02 01 01'),
  ber(
    0x63,
    hex('04 00', '0a 01 00', '0a 01 00', '02 01 00', '02 01 00', '01 01 00'),
    filter,
    ber(0x30, ber(0x04, ascii('Netlogon'))),
  ),
);

/** Pings a domain controller over connectionless LDAP; the answer holds the domain's and the host's names. */
export const cldap: ServiceProbe = {
  name: 'cldap',
  help: 'Pings a domain controller over connectionless LDAP.',
  services: ['ldap'],
  transport: 'udp',
  opens: 'client',
  ports: [389],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const message = berAt(answer, 0);
    if (message?.tag !== 0x30) return null;
    const [id, operation] = berChildren(message.content);
    if (id?.tag !== 0x02 || (operation?.tag !== 0x64 && operation?.tag !== 0x65)) return null;
    const at = indexOf(answer, ascii('etlogon'));
    if (at < 0) return { service: 'ldap', info: 'connectionless' };
    const names = labels(answer.subarray(at));
    return {
      service: 'ldap',
      vendor: 'Microsoft',
      product: 'Active Directory',
      info: `domain controller${names[0] ? `, ${names.slice(0, 3).join(' ')}` : ''}`,
    };
  },
};

/** Runs of labels as in DNS, without following the pointers. */
function labels(bytes: Uint8Array): string[] {
  return [...latin(bytes).matchAll(/[\x01-\x3f]([a-z0-9-]{2,63})(?=[\x01-\x3f\0\xc0])/gi)]
    .map((match) => match[1] ?? '')
    .slice(0, 8);
}
