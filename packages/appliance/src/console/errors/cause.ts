/** A network port of the appliance. */
export type Port = 'lan' | 'wan';

/**
 * Why an attempt to connect failed: the most specific reason that was found.
 *
 * - `dns-failed`: the servers can't resolve the platform's name; `answered` tells whether any server answered at all.
 * - `invalid-config`: an address or gateway that can't be; `loopback`: it is 127.0.0.1.
 * - `proxy-…`: the proxy; `ntlm`: in an NTLM exchange.
 * - `platform-answer`, `platform-refused` (ours): something answered over TLS that does not speak as the platform does, or the platform
 *   itself said no.
 */
export type Cause =
  | { readonly kind: 'iface-down' | 'no-carrier' | 'no-dns-server'; readonly port: Port }
  | { readonly kind: 'no-address' | 'no-gateway'; readonly port: Port; readonly family: 4 | 6 }
  | { readonly kind: 'dns-failed'; readonly port: Port; readonly answered: boolean }
  | { readonly kind: 'invalid-config'; readonly port: Port; readonly loopback: boolean }
  | {
      readonly kind: 'proxy-timeout' | 'proxy-closed' | 'proxy-no-http' | 'proxy-no-auth';
      readonly ntlm: boolean;
    }
  | { readonly kind: 'proxy-status'; readonly status: number; readonly ntlm: boolean }
  | { readonly kind: 'platform-timeout' | 'tls-handshake' | 'certificate' | 'platform-answer' | 'platform-refused' };
export type CauseKind = Cause['kind'];

/** One part of the way to the platform; the rows of the code table and the steps of the network doctor. */
export type Part = 'link' | 'address' | 'gateway' | 'dns' | 'proxy' | 'platform';

/** What the descriptions mean and what helps; the manual's table is held against it by a test. */
export interface CauseText {
  readonly part: Part;
  readonly meaning: string;
  readonly remedy: string;
}

export const causeTexts: Readonly<Record<CauseKind, CauseText>> = {
  'iface-down': {
    part: 'link',
    meaning: 'The interface is down.',
    remedy: 'Check ETHERNET PORT SETTINGS, then restart the appliance.',
  },
  'no-carrier': {
    part: 'link',
    meaning: 'The port has no carrier.',
    remedy: 'Check the cable and the switch port; a forced link mode must equal that of the switch.',
  },
  'no-address': {
    part: 'address',
    meaning: 'The port has no address.',
    remedy: 'Check the DHCP server (or the router advertisements), the VLAN, or set a static address.',
  },
  'invalid-config': {
    part: 'address',
    meaning: 'The IP configuration is not valid: an address or gateway that can not be, or LAN and WAN in one subnet.',
    remedy: 'Correct address, mask and gateway of the port.',
  },
  'no-gateway': {
    part: 'gateway',
    meaning: 'There is no default gateway, or it does not answer.',
    remedy: 'Correct the gateway, or have the DHCP server give one.',
  },
  'no-dns-server': {
    part: 'dns',
    meaning: 'No DNS server is known.',
    remedy: 'Set DNS1, or have the DHCP server give one.',
  },
  'dns-failed': {
    part: 'dns',
    meaning: "The DNS servers can't resolve the platform's name.",
    remedy: "Check that the servers are reachable and know the platform's name.",
  },
  'proxy-timeout': {
    part: 'proxy',
    meaning:
      'The first connection to the proxy timed out, was refused, or its host is out of reach; the log says which.',
    remedy: 'Check PROXY HOST and PROXY PORT, and that the proxy runs.',
  },
  'proxy-closed': {
    part: 'proxy',
    meaning: 'The proxy closed the connection.',
    remedy: "Look into the proxy's log; allow CONNECT to the platform.",
  },
  'proxy-no-http': {
    part: 'proxy',
    meaning: "The proxy's answer was not HTTP/1.",
    remedy: 'Check PROXY PORT: SOCKS and TLS proxies are not supported.',
  },
  'proxy-no-auth': {
    part: 'proxy',
    meaning: 'The proxy offers no authentication method that is supported.',
    remedy: 'Offer NTLM, Digest or Basic at the proxy.',
  },
  'proxy-status': {
    part: 'proxy',
    meaning: 'The proxy answered with a code that is no success, for instance 407 or 404.',
    remedy: '407: check PROXY USER and PROXY PASSW. Others: allow CONNECT to the platform.',
  },
  'platform-timeout': {
    part: 'platform',
    meaning:
      'The connection to the platform timed out, was refused, or its address is out of reach; the log says which.',
    remedy: 'Let firewalls pass HTTPS to the platform, and check that it runs.',
  },
  'tls-handshake': {
    part: 'platform',
    meaning: 'The TLS handshake with the platform failed.',
    remedy: 'Check that nothing on the way changes the connection.',
  },
  certificate: {
    part: 'platform',
    meaning: "The platform's certificate was not accepted.",
    remedy: 'Exempt the platform from TLS inspection; check its certificate.',
  },
  'platform-answer': {
    part: 'platform',
    meaning: 'What answered does not speak as the platform does.',
    remedy: 'Check the platform address; a gateway may answer in its place.',
  },
  'platform-refused': {
    part: 'platform',
    meaning: 'The platform was reached and refused the request, for instance a personalization code.',
    remedy: 'Do what the message beside it says.',
  },
};
