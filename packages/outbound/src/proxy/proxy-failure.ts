import { authorityOf, type Destination } from '../connector.ts';
import type { OutboundFailure, ProxyFailureKind } from '../failure.ts';

/** What a proxy's failure knows beyond its kind. */
export interface ProxyFault {
  readonly kind: ProxyFailureKind;
  /** One phrase for people; never a credential. */
  readonly detail: string;
  readonly status?: number;
  /** In an NTLM exchange. */
  readonly ntlm?: boolean;
}

const texts: Readonly<Record<ProxyFailureKind, readonly [string, string]>> = {
  'proxy-connect-timeout': [
    'could not be reached',
    "Check the proxy's host and port, and that a firewall lets this machine reach it.",
  ],
  'proxy-closed': ['closed the connection', "Look into the proxy's log; allow CONNECT to the platform."],
  'proxy-no-http': [
    'did not answer in HTTP/1',
    'Check the port of the proxy. SOCKS is not supported; a proxy that wants TLS itself is written https://.',
  ],
  'proxy-no-auth': [
    'offers no way to log in that may be used',
    'Offer NTLM, Digest or Basic at the proxy, or allow the one that it offers in the configuration.',
  ],
  'proxy-status': ['refused the tunnel', 'Allow CONNECT to the platform at the proxy.'],
  'proxy-auth-refused': [
    'refused user and password',
    'Check user and password of the proxy; for NTLM write DOMAIN\\user.',
  ],
};

const statusHints: Readonly<Record<number, string>> = {
  407: 'The proxy asks for a login: configure user and password.',
  502: "The proxy can't reach the platform: check its log and its way there.",
  503: "The proxy can't reach the platform: check its log and its way there.",
  504: "The proxy can't reach the platform: check its log and its way there.",
};

/** A failure of the proxy on the way to `destination`. Nothing has reached the platform. */
export function proxyFailure(destination: Destination, proxy: Destination, fault: ProxyFault): OutboundFailure {
  const [what, hint] = texts[fault.kind];
  const own = fault.kind === 'proxy-status' && fault.status !== undefined ? statusHints[fault.status] : undefined;
  return {
    kind: fault.kind,
    message: `${destination.host}: the proxy ${authorityOf(proxy)} ${what} (${fault.detail}).`,
    hint: own ?? hint,
    detail: fault.detail,
    maybeDelivered: false,
    proxy: { status: fault.status ?? null, ntlm: fault.ntlm ?? false },
  };
}
