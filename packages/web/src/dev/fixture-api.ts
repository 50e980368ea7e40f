import { sampleDeliveries, sampleNotifications, sampleWebhooks } from './fixture-notifications.ts';
import { answerScheduleChange, sampleSchedules, sampleScheduleRuns, sampleWindows } from './fixture-schedules.ts';
import { sampleExclusions } from './fixture-exclusions.ts';
import { sampleOptionProfiles } from './fixture-option-profiles.ts';
import { sampleTags } from './fixture-tags.ts';
import { sampleHold } from './fixture-hold.ts';
import { type Features, features, updateFeaturesRequest } from '@picket/contracts/api/feature';
import { sampleComparison, samplePrevious } from './fixture-compare.ts';
import { sampleAccount } from './fixture-account.ts';
import { sampleGroups, sampleInvitations, sampleUnits } from './fixture-people.ts';
import type { ApplianceDoctor } from '@picket/contracts/api/appliance';
import type { ScanDetail } from '@picket/contracts/api/scan';
import type { SessionState } from '@picket/contracts/api/session';
import type { ApplianceScanNetwork } from '@picket/contracts/api/scan-network';
import { type ApplianceUpdates, type Release, updateScheduleRequest } from '@picket/contracts/api/release';
import { emptyScanNetwork, scanNetwork } from '@picket/contracts/scan-network';
import type { Asset } from '@picket/contracts/api/inventory';
import {
  assetCount,
  ago,
  checkInfos,
  detectionCount,
  sampleAsset,
  sampleDetection,
  sampleDetectionDetail,
  sampleServices,
} from './fixture-data.ts';
import { answerSignIn } from './fixture-sign-in.ts';
import { sampleDifference, sampleMap, sampleMapHosts } from './fixture-map.ts';
import {
  sampleAppliances,
  sampleDoctor,
  sampleHosts,
  sampleLedger,
  sampleNetworkErrors,
  samplePlan,
  sampleScans,
} from './fixture-jobs.ts';

/** Whose eyes the fixture shows: nobody, a fresh Manager, or one who is set up. `empty` holds nothing at all. */
export type Mode = 'signed-out' | 'first-run' | 'ready' | 'empty';

export interface FixtureState {
  mode: Mode;
  passwordChangeNeeded: boolean;
  termsAccepted: boolean;
  features: Features;
}

export function newState(mode: Mode): FixtureState {
  return {
    mode,
    passwordChangeNeeded: mode === 'first-run',
    termsAccepted: mode !== 'first-run',
    features: { vlans: true, ipv6: true, virtualAppliances: true, scanServices: true },
  };
}

/** An answer of the fixture. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Call {
  readonly state: FixtureState;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const none = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };
const scans = sampleScans();
const appliances = sampleAppliances();
/** What was saved of the networks that appliances scan, by appliance. */
const scanNetworks = new Map<string, ApplianceScanNetwork>();
const networks = [
  {
    id: 1,
    name: 'Head office',
    ranges: ['10.20.0.0-10.20.255.255'],
    exclusions: ['10.20.1.9'],
    addresses: '65536',
    authorization: null,
    applianceIds: [1],
    assets: 2500,
  },
  {
    id: 2,
    name: 'Branch',
    ranges: ['192.168.7.0-192.168.7.255', '198.51.100.0-198.51.100.255'],
    exclusions: [],
    addresses: '512',
    authorization: { statement: 'Ours since 2019, contract 7.', by: 'manager', at: ago(60 * 24 * 20) },
    applianceIds: [2],
    assets: 2500,
  },
];

const releases: readonly Release[] = (['software', 'content'] as const).map((kind, at) => ({
  id: 2 - at,
  kind,
  name: `Picket ${kind}`,
  version: kind === 'content' ? '20261129.1' : '0.2.0',
  state: 'current',
  sha256: 'a1'.repeat(32),
  bytes: 4_200_000 + at,
  files: 812,
  level: 1,
  keyId: 'q'.repeat(43),
  rollback: false,
  created: ago(60 * 30),
  publishedAt: ago(60 * 25),
  publishedBy: 'manager',
}));

/** What was asked of the updates of appliances. */
const updates: { at: string | null; askedAt: string | null } = { at: null, askedAt: null };

function answerRelease(path: string, body: unknown): Answer {
  const [newest] = releases;
  if (path.startsWith('/releases/'))
    return path.endsWith('/current') ? { status: 200, body: newest } : { status: 204, body: null };
  if (body === 'a bundle') return { status: 201, body: newest };
  return refusal(422, 'release.bundle-refused', 'This is no release bundle.', 'Make one with "picket release make".');
}

function updatesOf(): ApplianceUpdates {
  const inUse = { wanted: '0.2.0', hint: null };
  return {
    refuses: null,
    content: { ...inUse, inUse: '20261129.1', wanted: '20261129.1', state: 'up-to-date' },
    software: { ...inUse, inUse: '0.1.0', state: 'downloading', version: '0.2.0', percent: 40 },
    schedule: { at: updates.at ?? '03:17', chosen: updates.at !== null, next: ago(-60 * 9) },
    askedAt: updates.askedAt,
    reportedAt: ago(1),
  };
}

/** Answers one request of the interface from sample data. Changes only who is signed in. */
export function answer(call: Call): Answer {
  const { state, method, path } = call;
  const signIn = answerSignIn(call);
  if (signIn) return signIn;
  if (path === '/session' || path.startsWith('/session/')) return answerSession(call);
  if (state.mode === 'signed-out')
    return path === '/terms' ? terms() : refusal(401, 'session.none', 'Nobody is signed in.');
  if (method !== 'GET') return answerChange(call);
  return answerRead(call) ?? refusal(404, 'web.fixture', `The fixture has no ${path}.`);
}

function answerSession({ state, method, path, body }: Call): Answer {
  if (path === '/session/password') state.passwordChangeNeeded = false;
  else if (path === '/session/terms') state.termsAccepted = true;
  else if (method === 'DELETE') state.mode = 'signed-out';
  else if (method === 'POST') {
    if (!JSON.stringify(body).includes('"sample password"')) {
      return refusal(
        401,
        'session.refused',
        'Login or password is wrong.',
        'Check both; after ten attempts the login is locked for a while.',
      );
    }
    state.mode = 'ready';
  }
  return { status: 200, body: sessionOf(state) };
}

function sessionOf(state: FixtureState): SessionState {
  const user = {
    id: 1,
    login: 'manager',
    name: 'Sample Manager',
    role: 'manager',
    passwordChangeNeeded: state.passwordChangeNeeded,
    termsAccepted: state.termsAccepted,
    secondFactorNeeded: false,
    sees: 'everything',
    hasPassword: true,
    businessUnitId: null,
  } as const;
  return {
    user: state.mode === 'signed-out' ? null : user,
    csrfToken: 'fixture',
    setup: { complete: state.mode !== 'first-run', networks: 1, appliances: 1 },
    features: state.features,
    termsVersion: '1',
    version: '0.1.0',
  };
}

function answerChange({ method, path, state, body }: Call): Answer {
  if (path === '/setup/complete') {
    state.mode = 'ready';
    return { status: 200, body: { complete: true, networks: 1, appliances: 1 } };
  }
  if (path === '/plans') {
    const text = JSON.stringify(body);
    if (text.includes('9.9.9.9')) {
      return refusal(
        422,
        'scan.target-not-registered',
        '9.9.9.9 is in none of the ranges of this network.',
        'Register it under Settings > Networks, or leave it out.',
        [{ field: 'targets', item: '9.9.9.9', message: '9.9.9.9 is not registered.' }],
      );
    }
    return { status: 200, body: samplePlan(text.includes('"kind":"map"') ? 'map' : 'scan') };
  }
  if (path === '/features') {
    state.features = features.parse({ ...state.features, ...updateFeaturesRequest.parse(body) });
    return { status: 200, body: state.features };
  }
  const [, updating] = /^\/appliances\/([0-9]+)\/update-/.exec(path) ?? [];
  if (updating !== undefined) {
    const { at = null } = updateScheduleRequest.partial().parse(body ?? {});
    Object.assign(updates, path.endsWith('-now') ? { askedAt: ago(0) } : { at });
    return { status: 200, body: updatesOf() };
  }
  if (path === '/hold' || path === '/stop-all') return { status: 200, body: sampleHold.change(body) };
  if (path.startsWith('/releases')) return answerRelease(path, body);
  const scheduled = answerScheduleChange(method, path, body);
  if (scheduled) return scheduled;
  if (path === '/scans') return { status: 201, body: { id: 12 } };
  if (path === '/tags') return { status: 201, body: sampleTags[0] };
  if (/^\/tags\/\d+\/assets$/.test(path)) return { status: 200, body: sampleTags[0] };
  if (path === '/option-profiles') return { status: 201, body: sampleOptionProfiles[1] };
  if (path === '/option-profiles/101' && method === 'DELETE') {
    const used = 'The option profile Printers is used by schedules: "Branch nights".';
    return refusal(409, 'profile.in-use', used, 'Choose other options for these schedules, then delete it.');
  }
  if (path === '/exclusions') return { status: 201, body: sampleExclusions[0] };
  if (path === '/networks') return { status: 201, body: networks[0] };
  const [, managed] = /^\/appliances\/(\d+)\/scan-network$/.exec(path) ?? [];
  if (managed !== undefined) return saveScanNetwork(managed, body);
  const examined = /^\/appliances\/([0-9]+)\/doctor$/.exec(path)?.[1];
  if (examined !== undefined) {
    doctors.set(Number(examined), sampleDoctor());
    return { status: 202, body: { ...sampleDoctor(), state: 'waiting', report: null } };
  }
  if (path === '/appliances/activate') return { status: 201, body: appliances[0] };
  if (path === '/appliances/provision') {
    return {
      status: 201,
      body: {
        appliance: appliances[2],
        personalizationCode: '20241234567890',
        expiresAt: ago(-60 * 24),
        enrolment: `https://picket.example.org:8443#sha256=${'ab'.repeat(32)}`,
      },
    };
  }
  if (path === '/accounts') return { status: 201, body: { ...accounts()[0], oneTimePassword: 'correct-horse-7312' } };
  if (/^\/accounts\/\d+\/password$/.test(path)) {
    return { status: 200, body: { ...accounts()[1], oneTimePassword: 'spare-lantern-5590' } };
  }
  return { status: 200, body: {} };
}

function scanNetworkOf(id: string): ApplianceScanNetwork {
  const none = { network: emptyScanNetwork, changedAt: null, changedBy: null, state: 'none' } as const;
  return scanNetworks.get(id) ?? { ...none, detail: null, reportedAt: null };
}

/** Examinations that somebody asked for, by appliance: the second look finds the report. */
const doctors = new Map<number, ApplianceDoctor>();
const noDoctor: ApplianceDoctor = { state: 'none', requestedAt: null, requestedBy: null, report: null };

function saveScanNetwork(id: string, body: unknown): Answer {
  const sent = scanNetwork.parse(body);
  const network = { ...sent, generation: sent.generation + 1 };
  const saved = { network, changedAt: ago(0), changedBy: 'manager', state: 'pending' } as const;
  scanNetworks.set(id, { ...saved, detail: null, reportedAt: null });
  return { status: 200, body: scanNetworkOf(id) };
}

function answerRead({ state, path, query }: Call): Answer | null {
  const empty = state.mode === 'empty';
  const [, place = '', id = '', part = '', item = ''] = path.split('/');
  if (id === '') return answerPlace(place, query, empty);
  if (place === 'checks') return one(checkInfos.find((info) => info.id === decodeURIComponent(id)));
  const number = Number(id);
  if (place === 'appliances' && part === 'network-errors')
    return list(number === 1 ? sampleNetworkErrors() : [], query);
  if (place === 'appliances' && part === 'doctor') return one(doctors.get(number) ?? noDoctor);
  if (place === 'appliances' && part === 'scan-network') return one(scanNetworkOf(id));
  if (place === 'appliances' && part === 'updates') return one(updatesOf());
  if (place === 'assets') return number <= assetCount ? one(sampleAsset(number)) : null;
  if (place === 'detections') return one(sampleDetectionDetail(number));
  if (place === 'schedules' && part === 'runs') return list(sampleScheduleRuns(number), query);
  if (place === 'maps') return answerMap(number, part, query);
  if (place === 'scans') {
    if (part === 'ledger') return list(sampleLedger(query.get('kind') === 'block' ? 'block' : 'host'), query);
    const scan = scans.find((one) => one.id === number);
    if (part === 'previous') return one(samplePrevious(scans, number));
    if (part === 'compare')
      return answerComparison(
        scan,
        scans.find((one) => one.id === Number(item)),
        query,
      );
    if (part === 'hosts' && item !== '') return scan ? one(sampleAccount(scan, item)) : null;
    if (part === 'hosts') return list(sampleHosts(), query);
    return one(scan);
  }
  return null;
}

function answerComparison(
  after: ScanDetail | undefined,
  before: ScanDetail | undefined,
  query: URLSearchParams,
): Answer | null {
  if (!after || !before) return null;
  const { items, rest } = sampleComparison(after, before, query);
  const page = list(items, query);
  return { ...page, body: { ...Object(page.body), ...rest } };
}

function answerMap(id: number, part: string, query: URLSearchParams): Answer | null {
  const job = scans.find((scan) => scan.id === id);
  if (!job) return null;
  if (part === 'result') return one(sampleMap(job));
  if (part === 'hosts') return list(sampleMapHosts(job, query), query);
  if (part !== 'difference') return null;
  const before = scans.find((scan) => scan.kind === 'map' && scan.id < id);
  const { items, rest } = sampleDifference(job, before, query.get('kind'));
  const page = list(items, query);
  return { ...page, body: { ...Object(page.body), ...rest } };
}

function answerPlace(place: string, query: URLSearchParams, empty: boolean): Answer | null {
  switch (place) {
    case 'terms':
      return terms();
    case 'overview':
      return one(overview(empty));
    case 'virtual-appliances':
      return one({ on: true, limit: 5, used: 1, image: null });
    case 'about':
      return one(about());
    case 'scans':
      return list(
        empty
          ? []
          : scans.filter(
              (scan) =>
                scan.kind === (query.get('kind') ?? scan.kind) && scan.status === (query.get('status') ?? scan.status),
            ),
        query,
      );
    case 'assets':
      return list(empty ? [] : assets(query), query);
    case 'services': {
      const asset = sampleAsset(Number(query.get('assetId') ?? 1));
      return list(asset.lastScanned === null ? [] : sampleServices(asset), query);
    }
    case 'detections':
      return list(empty ? [] : detections(query), query);
    case 'checks':
      return list(
        checkInfos.filter((info) => info.name.toLowerCase().includes(query.get('q') ?? '')),
        query,
      );
    case 'appliances':
      return list(empty ? [] : appliances, query);
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
      return list(empty ? [] : releases, query);
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
      return list(empty ? [] : networks, query);
    case 'accounts':
      return list(accounts(), query);
    case 'invitations':
      return list(empty ? [] : sampleInvitations, query);
    case 'asset-groups':
      return list(sampleGroups, query);
    case 'business-units':
      return list(empty ? [] : sampleUnits, query);
    case 'audit':
      return list(empty ? [] : audit(), query);
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
      (!query.has('assetId') || String(one.assetId) === query.get('assetId')) &&
      one.name.toLowerCase().includes((query.get('q') ?? '').toLowerCase()),
  );
}

function overview(empty: boolean) {
  return {
    assets: empty ? 0 : assetCount,
    assetsNeverScanned: empty ? 0 : 714,
    services: 21_400,
    detections: empty ? none : { critical: 3, high: 41, medium: 122, low: 204, info: 270 },
    newLast7Days: empty ? 0 : 17,
    reopened: empty ? 0 : 4,
    notEvaluable: empty ? 0 : 71,
    appliances: { online: empty ? 0 : 1, offline: empty ? 0 : 1, waiting: empty ? 0 : 1 },
    runningScans: empty ? [] : [{ id: 12, title: 'Head office, weekly', progress: 0.46 }],
    worstAssets: empty
      ? []
      : [1, 2, 3, 5, 10].map((id) => ({
          id,
          address: sampleAsset(id).address,
          name: sampleAsset(id).name,
          detections: sampleAsset(id).detections,
        })),
    topChecks: empty
      ? []
      : checkInfos
          .slice(0, 5)
          .map((info) => ({ check: info.id, name: info.name, severity: info.severity, assets: info.openDetections })),
  };
}

function about() {
  return {
    version: '0.1.0',
    protocolLevel: 1,
    contentVersion: '2026.11.20',
    checks: checkInfos.length,
    fingerprints: 320,
    database: {
      kind: 'embedded',
      version: '17.5',
      warning:
        'The embedded database is for trying out and small sites. For more than one replica set DATABASE_URL to a PostgreSQL server.',
    },
    applianceUrls: ['https://picket.example.org:8443'],
    enrolment: `https://picket.example.org:8443#sha256=${'ab'.repeat(32)}`,
    caSha256: 'ab'.repeat(32),
    licence: 'Apache License 2.0. Use it on networks that you may scan.',
  };
}

function accounts() {
  const base = {
    id: 1,
    login: 'manager',
    name: 'Sample Manager',
    email: null,
    role: 'manager',
    disabled: false,
    businessUnitId: null,
    businessUnitName: null,
    assetGroupIds: [],
    createdAt: ago(60 * 24 * 30),
    lastSignInAt: ago(3),
  };
  return [
    base,
    {
      ...base,
      id: 2,
      login: 'reader',
      name: 'Sample Reader',
      role: 'reader',
      email: 'reader@example.org',
      lastSignInAt: null,
    },
  ];
}

function audit() {
  return ['scan.launch', 'network.create', 'appliance.activate', 'session.sign-in'].map((action, index) => ({
    id: 40 - index,
    at: ago(index * 70),
    actor: 'manager',
    action,
    subject: `${action.split('.')[0]}:${index + 1}`,
    detail: { title: 'Head office, weekly', addresses: 1024 },
    address: '10.20.0.77',
  }));
}

function terms(): Answer {
  return {
    status: 200,
    body: {
      version: '1',
      text: `Apache License 2.0\n\n${'Scan only what you own or may scan in writing. '.repeat(40)}`,
    },
  };
}

function one(body: unknown): Answer | null {
  return body === undefined ? null : { status: 200, body };
}

function list(all: readonly unknown[], query: URLSearchParams): Answer {
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  const to = from + limit;
  return {
    status: 200,
    body: { items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null, total: all.length },
  };
}

function refusal(status: number, code: string, detail: string, hint?: string, errors?: unknown): Answer {
  return {
    status,
    body: { type: 'about:blank', title: 'Refused', status, code, detail, hint, errors, requestId: 'fixture-7f3a9c' },
  };
}
