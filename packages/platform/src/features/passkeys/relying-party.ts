import { isIP } from 'node:net';
import { refuse } from '../../server/http-error.ts';

/** For whom passkeys are made: the platform under the address that people use. */
export interface RelyingParty {
  /** Host name alone. */
  readonly id: string;
  readonly origin: string;
}

/** Of the public URL, else of the address that the browser asked. An IP address can have no passkeys (WebAuthn level 3 section 5.1.2). */
export function relyingParty(publicUrl: string | null, host: string | undefined): RelyingParty {
  const origin = publicUrl ?? `https://${host ?? ''}`;
  const url = URL.canParse(origin) ? new URL(origin) : null;
  const name = url?.hostname.replaceAll(/^\[|\]$/g, '') ?? '';
  if (url === null || name === '' || isIP(name) !== 0) {
    throw refuse({
      status: 409,
      code: 'passkey.needs-name',
      message: 'Passkeys need the platform to be opened by a name, not by an IP address.',
      hint: 'Open it by its host name; behind a proxy, set publicUrl to the address that people use.',
    });
  }
  return { id: name, origin: url.origin };
}
