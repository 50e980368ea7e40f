import {
  activateApplianceRequest,
  appliance,
  applianceDoctor,
  applianceNetworkError,
  provisionApplianceRequest,
  provisionedAppliance,
  replaceApplianceRequest,
  replacedAppliance,
  updateApplianceRequest,
} from '@picket/contracts/api/appliance';
import { applianceScanNetwork } from '@picket/contracts/api/scan-network';
import { scanNetwork } from '@picket/contracts/scan-network';
import { idParams, page, pageQuery } from '@picket/contracts/api/page';
import type { FastifyPluginAsync } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { codeBook } from '../../appliance-protocol/codes.ts';
import { applianceRoles, everyRole, managerOnly, scopeOf } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import {
  activate,
  appliancePage,
  change,
  clearSuspicion,
  provision,
  readAppliance,
  remove,
  revoke,
} from './service.ts';
import { askDoctor, readDoctor } from './doctor.ts';
import { replace } from './replace.ts';
import { readNetworkErrors } from './network-errors.ts';
import { virtualAppliancesPlugin } from './virtual-plugin.ts';
import { changeScanNetwork, readScanNetwork } from './scan-network.ts';

/** The list of appliances and what people do with them (spec section 8). */
export function appliancesPlugin(context: PlatformContext): FastifyPluginAsync {
  const codes = codeBook(context.keys.platform);
  return async (plain) => {
    await plain.register(virtualAppliancesPlugin(context));
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const tags = ['appliances'];
    const read = { access: everyRole };
    const write = { access: applianceRoles };
    const params = idParams;

    app.get(
      '/api/v1/appliances',
      {
        config: read,
        schema: {
          tags,
          summary: 'List appliances by name',
          querystring: pageQuery,
          response: { 200: page(appliance) },
        },
      },
      (request) => appliancePage(context, scopeOf(request), request.query),
    );
    app.get(
      '/api/v1/appliances/:id',
      { config: read, schema: { tags, summary: 'One appliance', params, response: { 200: appliance } } },
      (request) => readAppliance(context, scopeOf(request), request.params.id),
    );
    app.post(
      '/api/v1/appliances/activate',
      {
        config: write,
        schema: {
          tags,
          summary: 'Activate the device that shows a code',
          body: activateApplianceRequest,
          response: { 201: appliance },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await activate(context, codes, scopeOf(request), request.body, request.ip)),
    );
    app.post(
      '/api/v1/appliances/provision',
      {
        config: write,
        schema: {
          tags,
          summary: 'Provision an appliance',
          body: provisionApplianceRequest,
          response: { 201: provisionedAppliance },
        },
      },
      async (request, reply) =>
        reply.code(201).send(await provision(context, codes, scopeOf(request), request.body, request.ip)),
    );
    app.patch(
      '/api/v1/appliances/:id',
      {
        config: write,
        schema: {
          tags,
          summary: 'Change an appliance',
          params,
          body: updateApplianceRequest,
          response: { 200: appliance },
        },
      },
      (request) => change(context, scopeOf(request), request.params.id, request.body, request.ip),
    );
    app.get(
      '/api/v1/appliances/:id/network-errors',
      {
        config: read,
        schema: {
          tags,
          summary: 'What kept an appliance from the platform (NETWORK ERR), newest first; the last 100 are kept',
          params,
          response: { 200: page(applianceNetworkError) },
        },
      },
      (request) => readNetworkErrors(context, scopeOf(request), request.params.id),
    );
    app.get(
      '/api/v1/appliances/:id/doctor',
      {
        config: read,
        schema: {
          tags,
          summary: 'What the network doctor of an appliance found when it was last asked here',
          params,
          response: { 200: applianceDoctor },
        },
      },
      (request) => readDoctor(context, scopeOf(request), request.params.id),
    );
    app.post(
      '/api/v1/appliances/:id/doctor',
      {
        config: write,
        schema: {
          tags,
          summary: 'Ask an appliance to examine its way to the platform',
          params,
          response: { 202: applianceDoctor },
        },
      },
      async (request, reply) =>
        reply.code(202).send(await askDoctor(context, scopeOf(request), request.params.id, request.ip)),
    );
    app.get(
      '/api/v1/appliances/:id/scan-network',
      {
        config: read,
        schema: {
          tags,
          summary: 'VLANs, static routes and IPv6 that an appliance scans with',
          params,
          response: { 200: applianceScanNetwork },
        },
      },
      (request) => readScanNetwork(context, scopeOf(request), request.params.id),
    );
    app.put(
      '/api/v1/appliances/:id/scan-network',
      {
        config: write,
        // 4,094 VLANs and as many routes.
        bodyLimit: 4_194_304,
        schema: {
          tags,
          summary: 'Replace what an appliance scans with; `generation` is the one that was read',
          params,
          body: scanNetwork,
          response: { 200: applianceScanNetwork },
        },
      },
      (request) => changeScanNetwork(context, scopeOf(request), request.params.id, request.body, request.ip),
    );
    app.post(
      '/api/v1/appliances/:id/replace',
      {
        config: write,
        schema: {
          tags,
          summary: 'Put another device in the place of an appliance; the old one is out at once',
          params,
          body: replaceApplianceRequest,
          response: { 200: replacedAppliance },
        },
      },
      (request) =>
        replace(context, codes, scopeOf(request), {
          id: request.params.id,
          request: request.body,
          address: request.ip,
        }),
    );
    app.post(
      '/api/v1/appliances/:id/revoke',
      { config: write, schema: { tags, summary: 'Revoke an appliance', params, response: { 204: z.null() } } },
      async (request, reply) => {
        await revoke(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
    app.post(
      '/api/v1/appliances/:id/clear-suspicion',
      {
        config: { access: managerOnly },
        schema: { tags, summary: 'Clear the suspicion of a cloned key', params, response: { 200: appliance } },
      },
      (request) => clearSuspicion(context, scopeOf(request), request.params.id, request.ip),
    );
    app.delete(
      '/api/v1/appliances/:id',
      { config: write, schema: { tags, summary: 'Delete an appliance', params, response: { 204: z.null() } } },
      async (request, reply) => {
        await remove(context, scopeOf(request), request.params.id, request.ip);
        return reply.code(204).send(null);
      },
    );
  };
}
