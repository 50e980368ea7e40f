import { ownOrigin } from '../../server/own-origin.ts';
import { isoTime } from '@picket/base/clock';
import type {
  createdWebhook,
  createWebhookRequest,
  mailServerState,
  notificationChoice,
  setMailServerRequest,
  trialResult,
  updateWebhookRequest,
  Webhook,
} from '@picket/contracts/api/notification';
import type { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import type { AccessScope } from '../../server/context.ts';
import { notFound, refuse } from '../../server/http-error.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../server/page-cursor.ts';
import { defaultKinds } from './domain/receivers.ts';
import {
  deleteMailServer,
  mailServerPlace,
  readMailServer,
  storeMailServer,
  usable,
} from '../../server/stored-mail-server.ts';
import { chosenKinds, storeChoice, storedKinds } from './receiver-queries.ts';
import {
  countWebhooks,
  deleteWebhook,
  insertWebhook,
  nextWebhookId,
  updateWebhook,
  type WebhookRow,
  webhookRows,
} from './webhook-queries.ts';
import { type NotificationDeps, webhookPlace } from './worker.ts';
import { sendWebhook } from './adapters/webhook-sender.ts';

/** Webhooks that a subscription may have. */
const webhookLimit = 100;

type MailState = z.output<typeof mailServerState>;

export async function readMailState({ context }: NotificationDeps, scope: AccessScope): Promise<MailState> {
  const stored = await readMailServer(scope, context.database.db);
  if (!stored) return { server: null };
  const { host, port, security, login, password, sender, ca_pem, changed_at, changed_by } = stored;
  const server = { host, port, security, login, from: sender, caPem: ca_pem, hasPassword: password !== null };
  return { server: { ...server, changedAt: isoTime(changed_at.getTime()), changedBy: changed_by } };
}

/** Stores the settings; a password that is not given stays, unless there is no login or it would go to another server. */
export async function setMailServer(
  deps: NotificationDeps,
  scope: AccessScope,
  request: z.output<typeof setMailServerRequest>,
  address: string,
): Promise<MailState> {
  const { context, box } = deps;
  const { host, port, security, login, from, caPem, password } = request;
  await context.database.transaction(async (trx) => {
    const before = await readMailServer(scope, trx);
    const keeps = before?.host === host && before.login === login && security !== 'none';
    const kept = keeps ? before.password : null;
    const sealed = password === undefined ? kept : box.seal(password, mailServerPlace(scope));
    if (login !== null && security === 'none') throw passwordInClear();
    if (login !== null && sealed === null) throw passwordNeeded();
    await storeMailServer(scope, trx, {
      host,
      port,
      security,
      login,
      password: login === null ? null : sealed,
      sender: from,
      ca_pem: caPem,
      changed_at: new Date(context.clock.now()),
      changed_by: scope.login,
    });
    const detail = { host, port, security, from };
    await recordAudit(scope, trx, { action: 'mail-server.set', subject: 'subscription', detail, address });
  });
  return readMailState(deps, scope);
}

function passwordInClear() {
  const message = 'Without TLS a password would cross the network in clear text.';
  return refuse({
    status: 422,
    code: 'mail.password-in-clear',
    message,
    hint: 'Choose TLS or STARTTLS, or leave the login empty.',
    errors: [{ field: 'security', message }],
  });
}

function passwordNeeded() {
  const message = 'This login needs its password; that of another server is not sent to this one.';
  return refuse({
    status: 422,
    code: 'mail.password-needed',
    message,
    hint: 'Enter the password.',
    errors: [{ field: 'password', message }],
  });
}

export async function removeMailServer(
  { context }: NotificationDeps,
  scope: AccessScope,
  address: string,
): Promise<void> {
  await context.database.transaction(async (trx) => {
    await deleteMailServer(scope, trx);
    await recordAudit(scope, trx, { action: 'mail-server.remove', subject: 'subscription', address });
  });
}

type Trial = z.output<typeof trialResult>;

/** Sends one mail now and says what came of it. */
export async function tryMailServer(
  { context, box, sendMail }: NotificationDeps,
  scope: AccessScope,
  to: string,
  address: string,
): Promise<Trial> {
  const stored = await readMailServer(scope, context.database.db);
  if (!stored) {
    throw refuse({
      status: 409,
      code: 'mail.not-set-up',
      message: 'No mail server is set up.',
      hint: 'Save its settings first.',
    });
  }
  await recordAudit(scope, context.database.db, {
    action: 'mail-server.try',
    subject: 'subscription',
    detail: { to },
    address,
  });
  const text = 'This is a trial of the mail settings of Picket. It arrived, so they work.';
  const mail = { to, subject: 'Picket: trial of the mail settings', text, id: context.random.uuid() };
  const sent = await sendMail(usable(stored, box, scope), mail, context.closing);
  return sent.ok
    ? { ok: true, detail: `${stored.host} took the mail.`, hint: null }
    : { ok: false, detail: sent.error.message, hint: sent.error.hint };
}

function shown(row: WebhookRow): Webhook {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    kinds: storedKinds.parse(row.kinds),
    enabled: row.enabled,
    caPem: row.caPem,
    createdAt: isoTime(row.createdAt.getTime()),
    createdBy: row.createdBy,
    dead: row.dead,
    lastSuccess: row.lastSuccess && isoTime(row.lastSuccess.getTime()),
    lastError: row.lastError,
  };
}

export async function webhookPage(
  { context }: NotificationDeps,
  scope: AccessScope,
  query: { cursor?: string | undefined; limit: number },
) {
  const { db } = context.database;
  const cursor = decodeCursor('webhook-name', 2, query.cursor);
  const after = cursor === null ? null : { name: String(cursor[0]), id: Number(cursor[1]) };
  const rows = await webhookRows(scope, db, { id: null, after, limit: query.limit + 1 });
  return pageOf(rows, query.limit, await countWebhooks(scope, db), {
    item: shown,
    cursor: (row) => encodeCursor('webhook-name', [row.name.toLowerCase(), row.id]),
  });
}

async function requireWebhook({ context }: NotificationDeps, scope: AccessScope, id: number): Promise<WebhookRow> {
  const [row] = await webhookRows(scope, context.database.db, { id, after: null, limit: 1 });
  if (!row) throw notFound('webhook', id);
  return row;
}

/** Makes a webhook and its secret, which is in this answer and nowhere else. */
export async function addWebhook(
  deps: NotificationDeps,
  scope: AccessScope,
  request: z.output<typeof createWebhookRequest>,
  address: string,
): Promise<z.output<typeof createdWebhook>> {
  const { context, box } = deps;
  const secret = `whsec_${Buffer.from(context.random.bytes(32)).toString('base64url')}`;
  refuseUser(request.url);
  const id = await context.database.transaction(async (trx) => {
    if ((await countWebhooks(scope, trx)) >= webhookLimit) {
      throw refuse({
        status: 409,
        code: 'webhook.too-many',
        message: `There are ${webhookLimit} webhooks already.`,
        hint: 'Delete one that is not used any more.',
      });
    }
    const next = await nextWebhookId(scope, trx);
    await insertWebhook(scope, trx, {
      ...request,
      id: next,
      secret: box.seal(secret, webhookPlace(next)),
      createdAt: new Date(context.clock.now()),
      createdBy: scope.login,
    });
    const detail = { name: request.name, host: new URL(request.url).host };
    await recordAudit(scope, trx, { action: 'webhook.add', subject: `webhook:${next}`, detail, address });
    return next;
  });
  return { webhook: shown(await requireWebhook(deps, scope, id)), secret };
}

/** A password in a URL would be shown to everybody who may see the webhook. */
function refuseUser(url: string): void {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return;
  const message = 'A URL with a user name or password is not taken: what is sent is signed instead.';
  throw refuse({
    status: 422,
    code: 'webhook.url-with-login',
    message,
    hint: 'Leave them out and check the signature at the receiver.',
    errors: [{ field: 'url', message }],
  });
}

export async function changeWebhook(
  deps: NotificationDeps,
  scope: AccessScope,
  id: number,
  request: z.output<typeof updateWebhookRequest>,
  address: string,
): Promise<Webhook> {
  await requireWebhook(deps, scope, id);
  const { name, url, kinds, enabled, caPem } = request;
  if (url !== undefined) refuseUser(url);
  await deps.context.database.transaction(async (trx) => {
    await updateWebhook(scope, trx, id, {
      ...(name === undefined ? {} : { name }),
      ...(url === undefined ? {} : { url }),
      ...(kinds === undefined ? {} : { kinds: JSON.stringify(kinds) }),
      ...(enabled === undefined ? {} : { enabled }),
      ...(caPem === undefined ? {} : { ca_pem: caPem }),
    });
    await recordAudit(scope, trx, { action: 'webhook.change', subject: `webhook:${id}`, address });
  });
  return shown(await requireWebhook(deps, scope, id));
}

export async function removeWebhook(
  deps: NotificationDeps,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<void> {
  const { name } = await requireWebhook(deps, scope, id);
  await deps.context.database.transaction(async (trx) => {
    await deleteWebhook(scope, trx, id);
    await recordAudit(scope, trx, { action: 'webhook.delete', subject: `webhook:${id}`, detail: { name }, address });
  });
}

/** Sends a sample now and says what came of it. */
export async function tryWebhook(
  deps: NotificationDeps,
  scope: AccessScope,
  id: number,
  address: string,
): Promise<Trial> {
  const { context, box, webhooks } = deps;
  const hook = await requireWebhook(deps, scope, id);
  await recordAudit(scope, context.database.db, { action: 'webhook.try', subject: `webhook:${id}`, address });
  const now = context.clock.now();
  const eventId = context.random.uuid();
  const origin = ownOrigin(context.keys);
  const body = JSON.stringify({
    id: eventId,
    kind: 'trial',
    at: isoTime(now),
    title: 'A trial',
    url: origin,
    data: {},
  });
  const secret = box.open(hook.secret, webhookPlace(id));
  const sent = await sendWebhook(
    webhooks,
    { url: hook.url, caPem: hook.caPem, secret, body, id: eventId, now },
    context.closing,
  );
  return sent.ok
    ? { ok: true, detail: 'The receiver took it.', hint: null }
    : { ok: false, detail: sent.error.message, hint: null };
}

export async function readChoice(
  { context }: NotificationDeps,
  scope: AccessScope,
): Promise<z.output<typeof notificationChoice>> {
  const { db } = context.database;
  const chosen = await chosenKinds(scope, db, scope.accountId);
  const mailWorks = (await readMailServer(scope, db)) !== null;
  return {
    address: chosen?.address ?? null,
    mailWorks,
    kinds: [...(chosen?.kinds ?? defaultKinds(scope.role))],
  };
}

export async function setChoice(
  deps: NotificationDeps,
  scope: AccessScope,
  kinds: Parameters<typeof storeChoice>[3],
  address: string,
): Promise<z.output<typeof notificationChoice>> {
  await deps.context.database.transaction(async (trx) => {
    if (scope.accountId === 0 || !(await chosenKinds(scope, trx, scope.accountId)))
      throw notFound('account', scope.accountId);
    await storeChoice(scope, trx, scope.accountId, [...new Set(kinds)]);
    await recordAudit(scope, trx, { action: 'notification.choose', subject: `account:${scope.accountId}`, address });
  });
  return readChoice(deps, scope);
}
