import { isoTime } from '@picket/base/clock';
import type { Role } from '@picket/contracts/api/session';

const roleNames: Readonly<Record<Role, string>> = {
  manager: 'Manager',
  auditor: 'Auditor',
  'unit-manager': 'Unit Manager',
  scanner: 'Scanner',
  reader: 'Reader',
};

/** The mail with the link, in plain English. `clean` makes one plain line of what a person wrote. */
export function invitationWords(
  what: {
    readonly by: string;
    readonly name: string;
    readonly login: string;
    readonly role: Role;
    readonly link: string;
    /** Milliseconds since the epoch. */
    readonly expiresAt: number;
  },
  clean: (text: string) => string,
): { readonly subject: string; readonly text: string } {
  const by = clean(what.by);
  const lines = [
    `Hello ${clean(what.name)},`,
    '',
    `${by} invites you to Picket, the network scanner of your organisation, as ${roleNames[what.role]}.`,
    `Your login will be ${clean(what.login)}. To accept, open this link; it works once:`,
    '',
    what.link,
    '',
    `It ends at ${isoTime(what.expiresAt)} (UTC). Do not pass it on: whoever opens it can accept in your place.`,
    `If you did not expect this, do nothing and tell ${by}.`,
  ];
  return { subject: `${by} invites you to Picket`, text: lines.join('\n') };
}
