import type { Asset } from '@picket/contracts/api/inventory';
import { type Answer, type Call, list, one } from './fixture-answer.ts';
import { answerAppliance } from './fixture-appliance-answers.ts';
import { sampleAppliances } from './fixture-appliances.ts';
import { sampleAudit } from './fixture-audit.ts';
import {
  assetCount,
  checkInfos,
  detectionCount,
  sampleAsset,
  sampleDetection,
  sampleDetectionDetail,
  sampleServices,
} from './fixture-data.ts';
import { sampleExclusions } from './fixture-exclusions.ts';
import { sampleHold } from './fixture-hold.ts';
import { sampleNetworks } from './fixture-networks.ts';
import { sampleDeliveries, sampleNotifications, sampleWebhooks } from './fixture-notifications.ts';
import { sampleOptionProfiles } from './fixture-option-profiles.ts';
import { sampleAbout, sampleOverview } from './fixture-overview.ts';
import { sampleAccounts, sampleGroups, sampleInvitations, sampleUnits } from './fixture-people.ts';
import { sampleReleases } from './fixture-releases.ts';
import { answerMap, answerScan, answerScans } from './fixture-scan-answers.ts';
import { sampleScheduleRuns, sampleSchedules, sampleWindows } from './fixture-schedules.ts';
import { terms } from './fixture-session.ts';
import { sampleTags } from './fixture-tags.ts';

/** Answers what is read: a list by its place, or one thing of it; null where the sample has none. */
export function answerRead({ state, path, query }: Call): Answer | null {
  const empty = state.mode === 'empty';
  const [, place = '', id = '', part = '', item = ''] = path.split('/');
  if (id === '') return answerPlace(place, query, empty);
  if (place === 'checks') return one(checkInfos.find((info) => info.id === decodeURIComponent(id)));
  const number = Number(id);
  if (place === 'appliances') return answerAppliance(id, part, query);
  if (place === 'assets') return number <= assetCount ? one(sampleAsset(number)) : null;
  if (place === 'detections') return one(sampleDetectionDetail(number));
  if (place === 'schedules' && part === 'runs') return list(sampleScheduleRuns(number), query);
  if (place === 'maps') return answerMap(number, part, query);
  if (place === 'scans') return answerScan(number, part, item, query);
  return null;
}

function answerPlace(place: string, query: URLSearchParams, empty: boolean): Answer | null {
  switch (place) {
    case 'terms':
      return terms();
    case 'overview':
      return one(sampleOverview(empty));
    case 'virtual-appliances':
      return one({ on: true, limit: 5, used: 1, image: null });
    case 'about':
      return one(sampleAbout());
    case 'scans':
      return empty ? list([], query) : answerScans(query);
    case 'assets':
      return list(empty ? [] : assets(query), query);
    case 'services': {
      const asset = sampleAsset(Number(query.get('assetId') ?? 1));
      return list(asset.lastScanned === null ? [] : sampleServices(asset), query);
    }
    case 'detections':
      return list(empty || query.get('scanId') === '5' ? [] : detections(query), query);
    case 'checks':
      return list(
        checkInfos.filter((info) => info.name.toLowerCase().includes(query.get('q') ?? '')),
        query,
      );
    case 'appliances':
      return list(empty ? [] : sampleAppliances(), query);
    case 'tags':
      return list(empty ? [] : sampleTags, query);
    case 'option-profiles':
      return list(empty ? sampleOptionProfiles.slice(0, 1) : sampleOptionProfiles, query);
    case 'exclusions':
      return list(empty ? [] : sampleExclusions, query);
    case 'windows':
      return list(empty ? [] : sampleWindows, query);
    case 'schedules':
      return list(empty ? [] : sampleSchedules, query);
    case 'releases':
      return list(empty ? [] : sampleReleases, query);
    case 'notification-choice':
    case 'mail-server':
      return one(sampleNotifications[place]);
    case 'webhooks':
      return list(empty ? [] : sampleWebhooks(), query);
    case 'deliveries':
      return list(empty ? [] : sampleDeliveries(), query);
    case 'hold':
      return one(sampleHold.state);
    case 'networks':
      return list(empty ? [] : sampleNetworks, query);
    case 'accounts':
      return list(sampleAccounts(), query);
    case 'invitations':
      return list(empty ? [] : sampleInvitations, query);
    case 'asset-groups':
      return list(sampleGroups, query);
    case 'business-units':
      return list(empty ? [] : sampleUnits, query);
    case 'audit':
      return list(empty ? [] : sampleAudit(), query);
    default:
      return null;
  }
}

function assets(query: URLSearchParams): readonly Asset[] {
  const q = query.get('q') ?? '';
  return Array.from({ length: assetCount }, (_, index) => sampleAsset(index + 1)).filter((asset) =>
    `${asset.address} ${asset.name ?? ''}`.includes(q),
  );
}

function detections(query: URLSearchParams) {
  const severity = query.get('severity')?.split(',');
  const status = query.get('status')?.split(',');
  return Array.from({ length: detectionCount }, (_, index) => sampleDetection(index + 1)).filter(
    (one) =>
      (!severity || severity.includes(one.severity)) &&
      (!status || status.includes(one.status)) &&
      (query.has('untested') ? one.notEvaluable !== null : true) &&
      one.firstSeen >= (query.get('firstSeenSince') ?? '') &&
      (!query.has('assetId') || String(one.assetId) === query.get('assetId')) &&
      one.name.toLowerCase().includes((query.get('q') ?? '').toLowerCase()),
  );
}
