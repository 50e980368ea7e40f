import {
  createdWebhook,
  createWebhookRequest,
  delivery,
  listDeliveriesQuery,
  mailServerState,
  notificationChoice,
  setMailServerRequest,
  setNotificationChoiceRequest,
  testMailRequest,
  trialResult,
  updateWebhookRequest,
  webhook,
} from '@picket/contracts/api/notification';
import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { smtpSender } from '../../server/mail.ts';
import { outboundConnector } from '../../server/outbound-connector.ts';
import { secretBox } from '../../server/secret-box.ts';
import { deliveryPage, retryDelivery } from './delivery-service.ts';
import {
  addWebhook,
  changeWebhook,
  readChoice,
  readMailState,
  removeMailServer,
  removeWebhook,
  setChoice,
  setMailServer,
  tryMailServer,
  tryWebhook,
  webhookPage,
} from './service.ts';
import { type NotificationDeps, notificationTimes, runNotifications } from './worker.ts';

const tags = ['notifications'];
const manage = { access: managerOnly };

/** Mail and webhooks: where they go, who gets what, and how it went. */
export function notificationsPlugin(context: PlatformContext, times = notificationTimes): FastifyPluginAsync {
  const { config, keys, random, clock } = context;
  // A mail relay on the platform's own machine is usual; a metadata service is never one.
  const mail = outboundConnector(config, context, { allowOwnMachine: true });
  const deps: NotificationDeps = {
    context,
    box: secretBox(keys.platform, random),
    sendMail: smtpSender(mail, clock),
    webhooks: outboundConnector(config, context, { allowOwnMachine: config.localReceivers }),
  };
  return async (plain) => {
    let working: Promise<void> = Promise.resolve();
    plain.addHook('onListen', async () => {
      working = runNotifications(deps, times);
    });
    plain.addHook('onClose', async () => working);
    addMailRoutes(plain, deps);
    addWebhookRoutes(plain, deps);
    addChoiceRoutes(plain, deps);
  };
}

function addMailRoutes(plain: FastifyInstance, deps: NotificationDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const response = { 200: mailServerState };
  app.get(
    '/api/v1/mail-server',
    { config: manage, schema: { tags, summary: 'The server that mails are handed to', response } },
    (request) => readMailState(deps, scopeOf(request)),
  );
  app.put(
    '/api/v1/mail-server',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Set up the mail server; without a password the stored one stays',
        body: setMailServerRequest,
        response,
      },
    },
    (request) => setMailServer(deps, scopeOf(request), request.body, request.ip),
  );
  app.delete(
    '/api/v1/mail-server',
    { config: manage, schema: { tags, summary: 'Send no mails any more', response: { 204: z.null() } } },
    async (request, reply) => {
      await removeMailServer(deps, scopeOf(request), request.ip);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/mail-server/test',
    {
      config: manage,
      schema: { tags, summary: 'Send one mail now', body: testMailRequest, response: { 200: trialResult } },
    },
    (request) => tryMailServer(deps, scopeOf(request), request.body.to, request.ip),
  );
}

function addWebhookRoutes(plain: FastifyInstance, deps: NotificationDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const params = idParams;
  app.get(
    '/api/v1/webhooks',
    {
      config: manage,
      schema: { tags, summary: 'List webhooks by name', querystring: pageQuery, response: { 200: page(webhook) } },
    },
    (request) => webhookPage(deps, scopeOf(request), request.query),
  );
  app.post(
    '/api/v1/webhooks',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Add a webhook; its secret is in this answer only',
        body: createWebhookRequest,
        response: { 201: createdWebhook },
      },
    },
    async (request, reply) => reply.code(201).send(await addWebhook(deps, scopeOf(request), request.body, request.ip)),
  );
  app.patch(
    '/api/v1/webhooks/:id',
    {
      config: manage,
      schema: { tags, summary: 'Change a webhook', params, body: updateWebhookRequest, response: { 200: webhook } },
    },
    (request) => changeWebhook(deps, scopeOf(request), request.params.id, request.body, request.ip),
  );
  app.delete(
    '/api/v1/webhooks/:id',
    { config: manage, schema: { tags, summary: 'Delete a webhook', params, response: { 204: z.null() } } },
    async (request, reply) => {
      await removeWebhook(deps, scopeOf(request), request.params.id, request.ip);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/api/v1/webhooks/:id/test',
    {
      config: manage,
      schema: { tags, summary: 'Send a sample to a webhook now', params, response: { 200: trialResult } },
    },
    (request) => tryWebhook(deps, scopeOf(request), request.params.id, request.ip),
  );
  app.get(
    '/api/v1/deliveries',
    {
      config: manage,
      schema: {
        tags,
        summary: 'Notifications on their way, delivered and given up, newest first',
        querystring: listDeliveriesQuery,
        response: { 200: page(delivery) },
      },
    },
    (request) => deliveryPage(deps.context, scopeOf(request), request.query),
  );
  app.post(
    '/api/v1/deliveries/:id/retry',
    {
      config: manage,
      schema: { tags, summary: 'Try a delivery that was given up again', params, response: { 204: z.null() } },
    },
    async (request, reply) => {
      await retryDelivery(deps.context, scopeOf(request), request.params.id, request.ip);
      return reply.code(204).send(null);
    },
  );
}

function addChoiceRoutes(plain: FastifyInstance, deps: NotificationDeps): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const response = { 200: notificationChoice };
  app.get(
    '/api/v1/notification-choice',
    { config: { access: everyRole }, schema: { tags, summary: 'What you get by mail', response } },
    (request) => readChoice(deps, scopeOf(request)),
  );
  app.put(
    '/api/v1/notification-choice',
    {
      config: { access: everyRole },
      schema: { tags, summary: 'Choose what you get by mail', body: setNotificationChoiceRequest, response },
    },
    (request) => setChoice(deps, scopeOf(request), request.body.kinds, request.ip),
  );
}
