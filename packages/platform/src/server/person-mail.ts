import type { PlatformContext } from './context.ts';
import { type Mail, smtpSender } from './mail.ts';
import { outboundConnector } from './outbound-connector.ts';
import { secretBox } from './secret-box.ts';
import { readMailServer, usable } from './stored-mail-server.ts';

/** What became of a mail: a server took it, it could not be handed over, or there is no server. */
export type MailOutcome =
  | { readonly state: 'sent' | 'no-server'; readonly detail: null }
  | { readonly state: 'failed'; readonly detail: string };

/** Hands one mail to the server of the subscription now, in one attempt, and keeps nothing of it. */
export type SendPersonMail = (mail: Omit<Mail, 'id'>) => Promise<MailOutcome>;

/** For mails with a secret in them, which must not lie in the outbox until they are sent. */
export function personMail(context: PlatformContext): SendPersonMail {
  const { config, keys, random, clock, database, subscriptionId, closing } = context;
  // A mail relay on the platform's own machine is usual; a metadata service is never one.
  const send = smtpSender(outboundConnector(config, context, { allowOwnMachine: true }), clock);
  const box = secretBox(keys.platform, random);
  return async (mail) => {
    const scope = { subscriptionId };
    const stored = await readMailServer(scope, database.db);
    if (!stored) return { state: 'no-server', detail: null };
    const sent = await send(usable(stored, box, scope), { ...mail, id: random.uuid() }, closing);
    if (sent.ok) return { state: 'sent', detail: null };
    return { state: 'failed', detail: `${sent.error.message} ${sent.error.hint}`.trim() };
  };
}
