import { setTimeout as delay } from 'node:timers/promises';
import { pollAnswer } from '@picket/contracts/poll';
import { lease as leaseSchema } from '@picket/contracts/lease';
import { z } from 'zod';
import { sliceEnd } from '../../../packages/platform/src/features/testing/events.ts';
import type { ScriptedAppliance } from '../../../packages/platform/src/features/testing/scripted-appliance.ts';
import type { HttpsVisitor } from '../../harness/https-visitor.ts';
import type { FleetPlace } from './fleet-database.ts';

const launched = z.looseObject({ id: z.number() });

/**
 * Launches a map for an appliance whose poll is held, and returns the milliseconds from the launch to its lease. The job is canceled and given
 * back, so that the appliance is free again.
 */
export async function timeToLease(person: HttpsVisitor, box: ScriptedAppliance, place: FleetPlace): Promise<number> {
  const waiting = box.rawPoll({ waitSeconds: 25 });
  // The platform has to have taken the poll in; how long that takes is not what is measured.
  await delay(1000);
  const began = performance.now();
  const request = { kind: 'map', networkId: place.networkId, targets: place.address, applianceIds: [box.applianceId] };
  const launch = await person.call('POST', '/api/v1/scans', request);
  if (launch.status !== 201) throw new Error(`the map was not launched: ${launch.text}`);
  const { id } = launched.parse(launch.json);
  const answer = await waiting;
  if (answer.status !== 200)
    throw new Error(`the held poll was answered ${answer.status}: ${JSON.stringify(answer.json)}`);
  const [signed] = pollAnswer.parse(answer.json).granted;
  const took = performance.now() - began;
  if (!signed) throw new Error('no lease was granted');
  const lease = leaseSchema.parse(JSON.parse(Buffer.from(signed.payload, 'base64url').toString('utf8')));
  await person.call('POST', `/api/v1/scans/${id}/cancel`);
  await box.upload(box.spool(lease, [sliceEnd(new Date().toISOString(), 'stopped')]));
  return took;
}
