import { isoTime } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import { type NotificationEvent, notificationEvent } from '@picket/contracts/api/notification';
import { ownOrigin } from '../../server/own-origin.ts';
import type { PlatformContext } from '../../server/context.ts';
import type { SendMail } from '../../server/mail.ts';
import { plainLine } from '../../server/plain-line.ts';
import type { SecretBox } from '../../server/secret-box.ts';
import type { Connector } from '@picket/outbound/connector';
import { sendWebhook } from './adapters/webhook-sender.ts';
import { type ClaimedDelivery, claimDeliveries, endAttempt, forgetOld } from './delivery-queries.ts';
import { afterFailure } from './domain/attempts.ts';
import { wordsOf } from './domain/words.ts';
import { readMailServer, usable } from '../../server/stored-mail-server.ts';
import { lookAtAppliances } from './presence-job.ts';
import { mailReceivers } from './receiver-queries.ts';
import { spreadEvents } from './spread.ts';
import { webhookRows } from './webhook-queries.ts';

export interface NotificationDeps {
  readonly context: PlatformContext;
  readonly box: SecretBox;
  readonly sendMail: SendMail;
  /** For webhooks: never to this machine, unless an operator allows it. */
  readonly webhooks: Connector;
}

/** Times of the work in the background, milliseconds. Tests shorten them. */
export interface NotificationTimes {
  readonly lookMs: number;
  readonly workMs: number;
}
export const notificationTimes: NotificationTimes = { lookMs: 10_000, workMs: 2000 };

/** Longer than the longest attempt: a worker that died is known by it. */
const claimMs = 60_000;
/** At once on one replica. */
const batch = 10;
/** How long what is over is kept, milliseconds. */
const keepMs = 90 * 86_400_000;

/** Looks at appliances, spreads events and tries deliveries until the platform closes. Every replica does. */
export async function runNotifications(deps: NotificationDeps, times = notificationTimes): Promise<void> {
  await Promise.all([
    repeat(deps.context, times.lookMs, () => lookAtAppliances(deps.context)),
    repeat(deps.context, times.workMs, () => work(deps)),
  ]);
}

async function repeat(context: PlatformContext, everyMs: number, body: () => Promise<unknown>): Promise<void> {
  while (!context.closing.aborted) {
    try {
      await body();
    } catch (error) {
      if (!context.closing.aborted)
        context.log.write('warning', 'notifications.failed', { message: describeError(error) });
    }
    await context.clock.sleep(everyMs, context.closing).catch(() => {});
  }
}

/** Spreads what happened and tries what is due, until nothing is. */
export async function work(deps: NotificationDeps): Promise<void> {
  const { context } = deps;
  const { db } = context.database;
  const scope = { subscriptionId: context.subscriptionId };
  await spreadEvents(context);
  for (;;) {
    const now = context.clock.now();
    const claimed = await claimDeliveries(scope, db, {
      limit: batch,
      now: new Date(now),
      until: new Date(now + claimMs),
    });
    if (claimed.length === 0 || context.closing.aborted) break;
    await Promise.all(claimed.map((one) => attempt(deps, one)));
  }
  await forgetOld(scope, db, new Date(context.clock.now() - keepMs));
}

type Outcome = { readonly ok: true } | { readonly ok: false; readonly message: string; readonly final: boolean };

async function attempt(deps: NotificationDeps, delivery: ClaimedDelivery): Promise<void> {
  const { context } = deps;
  const scope = { subscriptionId: context.subscriptionId };
  const outcome = await tryOnce(deps, delivery).catch(
    (error: unknown): Outcome => ({
      ok: false,
      message: describeError(error),
      final: false,
    }),
  );
  const now = context.clock.now();
  const next = outcome.ok
    ? { state: 'sent' as const, nextAt: now }
    : afterFailure({ attempts: delivery.attempts, final: outcome.final }, now, context.random);
  const error = outcome.ok ? null : plainLine(outcome.message, 500);
  await endAttempt(scope, context.database.db, delivery, {
    state: next.state,
    nextAt: new Date(next.nextAt),
    now: new Date(now),
    error,
  });
  if (next.state === 'dead')
    context.log.write('warning', 'notifications.given-up', { delivery: delivery.id, attempts: delivery.attempts });
}

async function tryOnce(deps: NotificationDeps, delivery: ClaimedDelivery): Promise<Outcome> {
  const event = notificationEvent.parse(delivery.event);
  return delivery.webhookId === null
    ? tryMail(deps, delivery, event, delivery.accountId ?? 0)
    : tryWebhook(deps, delivery, event, delivery.webhookId);
}

async function tryMail(
  { context, box, sendMail }: NotificationDeps,
  delivery: ClaimedDelivery,
  event: NotificationEvent,
  accountId: number,
): Promise<Outcome> {
  const scope = { subscriptionId: context.subscriptionId };
  const { db } = context.database;
  const [receiver] = await mailReceivers(scope, db, accountId);
  if (!receiver) return { ok: false, message: 'The account has no mail address, or is disabled.', final: true };
  const stored = await readMailServer(scope, db);
  if (!stored) return { ok: false, message: 'No mail server is set up.', final: true };
  const words = wordsOf(event, plainLine);
  const origin = ownOrigin(context.keys);
  const text = [...words.lines, '', `${origin}${words.path}`, `At ${isoTime(delivery.at.getTime())} (UTC).`].join('\n');
  const mail = { to: receiver.address, subject: words.subject, text, id: delivery.publicId };
  const sent = await sendMail(usable(stored, box, scope), mail, context.closing);
  return sent.ok
    ? { ok: true }
    : { ok: false, message: `${sent.error.message} ${sent.error.hint}`, final: sent.error.final };
}

/** Where the secret of a webhook opens. */
export function webhookPlace(id: number): string {
  return `webhook:${id}`;
}

async function tryWebhook(
  { context, box, webhooks }: NotificationDeps,
  delivery: ClaimedDelivery,
  event: NotificationEvent,
  webhookId: number,
): Promise<Outcome> {
  const scope = { subscriptionId: context.subscriptionId };
  const [hook] = await webhookRows(scope, context.database.db, { id: webhookId, after: null, limit: 1 });
  if (!hook?.enabled) return { ok: false, message: 'The webhook is switched off.', final: true };
  const origin = ownOrigin(context.keys);
  const { kind, ...data } = event;
  const words = wordsOf(event, plainLine);
  const body = JSON.stringify({
    id: delivery.publicId,
    kind,
    at: isoTime(delivery.at.getTime()),
    title: words.subject,
    url: `${origin}${words.path}`,
    data,
  });
  const secret = box.open(hook.secret, webhookPlace(webhookId));
  const message = { url: hook.url, caPem: hook.caPem, secret, body, id: delivery.publicId, now: context.clock.now() };
  const sent = await sendWebhook(webhooks, message, context.closing);
  return sent.ok ? { ok: true } : { ok: false, ...sent.error };
}
