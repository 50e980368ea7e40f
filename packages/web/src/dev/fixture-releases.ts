import { type ApplianceUpdates, type Release, updateScheduleRequest } from '@picket/contracts/api/release';
import { type Answer, refusal } from './fixture-answer.ts';
import { ago } from './fixture-data.ts';

/** Releases of the sample platform. */
export const sampleReleases: readonly Release[] = (['software', 'content'] as const).map((kind, at) => ({
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

/** Answers what is done with releases; the sample itself stays. */
export function answerRelease(path: string, body: unknown): Answer {
  const [newest] = sampleReleases;
  if (path.startsWith('/releases/'))
    return path.endsWith('/current') ? { status: 200, body: newest } : { status: 204, body: null };
  if (body === 'a bundle') return { status: 201, body: newest };
  return refusal(422, 'release.bundle-refused', 'This is no release bundle.', 'Make one with "picket release make".');
}

/** What an appliance has, and what it installs next. */
export function updatesOf(): ApplianceUpdates {
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

/** Takes the time of updates, or the wish to update now. */
export function answerUpdateChange(path: string, body: unknown): Answer {
  const { at = null } = updateScheduleRequest.partial().parse(body ?? {});
  Object.assign(updates, path.endsWith('-now') ? { askedAt: ago(0) } : { at });
  return { status: 200, body: updatesOf() };
}
