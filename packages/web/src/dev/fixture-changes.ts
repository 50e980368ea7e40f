import { features, updateFeaturesRequest } from '@picket/contracts/api/feature';
import { type Answer, type Call, refusal } from './fixture-answer.ts';
import { answerApplianceChange } from './fixture-appliance-answers.ts';
import { sampleExclusions } from './fixture-exclusions.ts';
import { sampleHold } from './fixture-hold.ts';
import { sampleNetworks } from './fixture-networks.ts';
import { sampleWebhooks } from './fixture-notifications.ts';
import { sampleOptionProfiles } from './fixture-option-profiles.ts';
import { sampleAccounts } from './fixture-people.ts';
import { answerPlan } from './fixture-plan.ts';
import { answerRelease } from './fixture-releases.ts';
import { answerScheduleChange } from './fixture-schedules.ts';
import { sampleTags } from './fixture-tags.ts';

/** Answers a change; the sample itself stays but for what the interface shows of it at once. */
export function answerChange({ method, path, state, body }: Call): Answer {
  if (path === '/setup/complete') {
    state.mode = 'ready';
    return { status: 200, body: { complete: true, networks: 1, appliances: 1 } };
  }
  if (path === '/plans') return answerPlan(body);
  if (path === '/features') {
    state.features = features.parse({ ...state.features, ...updateFeaturesRequest.parse(body) });
    return { status: 200, body: state.features };
  }
  if (path === '/hold' || path === '/stop-all') return { status: 200, body: sampleHold.change(body) };
  if (path.startsWith('/releases')) return answerRelease(path, body);
  const scheduled = answerScheduleChange(method, path, body);
  if (scheduled) return scheduled;
  const ofAppliance = answerApplianceChange(path, body);
  if (ofAppliance) return ofAppliance;
  if (path === '/scans') return { status: 201, body: { id: 12 } };
  if (path === '/webhooks/1') return { status: 200, body: sampleWebhooks()[0] };
  if (path === '/tags') return { status: 201, body: sampleTags[0] };
  if (/^\/tags\/\d+\/assets$/.test(path)) return { status: 200, body: sampleTags[0] };
  if (path === '/option-profiles') return { status: 201, body: sampleOptionProfiles[1] };
  if (path === '/option-profiles/101' && method === 'DELETE') {
    const used = 'The option profile Printers is used by schedules: "Branch nights".';
    return refusal(409, 'profile.in-use', used, 'Choose other options for these schedules, then delete it.');
  }
  if (path === '/exclusions') return { status: 201, body: sampleExclusions[0] };
  if (path === '/networks') return { status: 201, body: sampleNetworks[0] };
  if (path === '/accounts')
    return { status: 201, body: { ...sampleAccounts()[0], oneTimePassword: 'correct-horse-7312' } };
  if (/^\/accounts\/\d+\/password$/.test(path)) {
    return { status: 200, body: { ...sampleAccounts()[1], oneTimePassword: 'spare-lantern-5590' } };
  }
  return { status: 200, body: {} };
}
