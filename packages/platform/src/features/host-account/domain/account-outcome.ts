import type { HostOutcome, hostAccount } from '@picket/contracts/api/host-account';
import type { EngineEventOf, NotEvaluableReason } from '@picket/contracts/event';
import type { z } from 'zod';
import type { ScopeLine } from './scope-lines.ts';

type Account = z.output<typeof hostAccount>;

/** All that decides what is said of an address. */
export interface AccountFacts {
  /** The address is the caller's to see. */
  readonly seen: boolean;
  readonly inPlan: boolean;
  readonly lines: readonly ScopeLine[];
  /** The network has it registered, as things are now. */
  readonly registered: boolean;
  readonly networkName: string;
  /** It is IPv6, and the subscription has that switched off. */
  readonly familyOff: boolean;
  /** It lies in a range that is too wide to ask every address of. */
  readonly wide: boolean;
  /** Why the scan waits, stopped or is incomplete. */
  readonly scanReason: string | null;
  readonly host: Pick<EngineEventOf<'host'>, 'state' | 'reason' | 'port'> | null;
  readonly slice: Pick<NonNullable<Account['slice']>, 'attempt' | 'givenBack' | 'state' | 'claimedBy'> | null;
  readonly discovery: {
    readonly state: NonNullable<Account['discovery']>['state'];
    readonly reason: NotEvaluableReason | null;
    readonly detail: string | null;
    /** Addresses of the block that the appliance's own list forbade. */
    readonly denied: number;
  } | null;
  /** State of the ports phase; null where it has no unit. */
  readonly ports: NonNullable<Account['discovery']>['state'] | null;
}

/** What is said: the word, why, and the way out. */
export interface Said {
  readonly outcome: HostOutcome;
  readonly because: string;
  readonly remedy: string | null;
}

const said = (outcome: HostOutcome, because: string, remedy: string | null = null): Said => ({
  outcome,
  because,
  remedy,
});

/** Why an address is in the results, or is not. Pure; nothing is concluded from what is not there. */
export function accountOutcome(facts: AccountFacts): Said {
  if (!facts.seen)
    return said(
      'not-seen',
      'The address is not in your asset groups, so this scan says nothing of it.',
      'Ask a Manager to put it into one of your asset groups.',
    );
  if (!facts.inPlan) return outsidePlan(facts);
  const out = facts.lines.find(({ effect }) => effect === 'excludes');
  const cut = out && !facts.slice ? `${exclusionText(out)} It was taken out after the launch.` : null;
  if (facts.host && (cut === null || facts.host.reason !== 'assumed')) {
    const found = fromHost(facts.host, facts.ports);
    return cut === null || facts.ports === 'done' ? found : { ...found, because: `${found.because} ${cut}` };
  }
  if (cut !== null) return said('excluded', cut, liftRemedy);
  if (!facts.discovery)
    return said('not-known', 'The plan has the address, and the ledger holds no discovery of it.', 'Scan it again.');
  return fromDiscovery(facts, facts.discovery);
}

function outsidePlan({ lines, registered, networkName, familyOff }: AccountFacts): Said {
  const out = lines.find(({ effect }) => effect === 'excludes');
  const taken = lines.find(({ effect }) => effect === 'includes');
  if (out) return said('excluded', exclusionText(out), liftRemedy);
  if (familyOff)
    return said(
      'not-asked-for',
      'The address is IPv6, which is switched off for this subscription, and nothing of this scan asks for it.',
      'Have IPv6 switched on, then scan the address.',
    );
  if (!registered)
    return said(
      'not-asked-for',
      `The network ${networkName} does not have the address registered${taken ? `, so ${taken.text} did not bring it in` : ', and no target names it'}.`,
      'Register it under Settings > Networks, then scan it.',
    );
  if (taken)
    return said(
      'not-asked-for',
      `${taken.text} holds the address as things are now; when the scan was launched it did not.`,
      'Scan again.',
    );
  return said(
    'not-asked-for',
    'No target of this scan holds the address: no line, asset group, tag or map.',
    'Add it to the targets.',
  );
}

const liftRemedy = 'Take the exclusion away and scan again, if the address may be scanned.';

function exclusionText({ source, text }: ScopeLine): string {
  return `${exclusionWords[source]}${text === '' ? '' : `: ${text}`}.`;
}

const exclusionWords: Readonly<Record<ScopeLine['source'], string>> = {
  targets: 'The targets name it',
  name: 'The targets name it',
  'asset-group': 'An asset group holds it',
  tag: 'A tag holds it',
  map: 'A map found it',
  'earlier-target': 'It was a target when the scan was launched',
  exclude: 'The exclusions of this scan take it out',
  'subscription-exclusion': 'An exclusion of the whole subscription takes it out',
  'network-exclusion': 'An exclusion of the network takes it out',
  'group-exclusion': 'An exclusion of an asset group takes it out',
  'earlier-exclusion': 'An exclusion that held when the scan was launched took it out',
};

function fromHost(host: NonNullable<AccountFacts['host']>, ports: AccountFacts['ports']): Said {
  if (host.state === 'silent') return said('silent', 'It was asked and gave no answer to any probe.', silentRemedy);
  if (host.reason !== 'assumed') return said('found', `It is there: ${answerText(host)}.`);
  if (ports === null || ports === 'pending' || ports === 'leased' || ports === 'running')
    return said('running', 'It was taken as there without being asked; its ports are not through yet.');
  return said(
    'not-known',
    'It was taken as there without being asked, and its ports did not show whether it is.',
    'Scan it again, or without “treat every address as alive”.',
  );
}

const silentRemedy =
  'It may be off, or a firewall drops what is sent. Scan it with “treat every address as alive”, or from an appliance in its segment.';

/** How a host showed itself, in words. */
export function answerText(host: Pick<EngineEventOf<'host'>, 'state' | 'reason' | 'port'>): string {
  if (host.state === 'silent') return 'no answer';
  if (host.reason === 'assumed') return 'taken as there, not asked';
  return `it answered with ${host.reason}${host.port === undefined ? '' : ` on port ${host.port}`}`;
}

function fromDiscovery(facts: AccountFacts, discovery: NonNullable<AccountFacts['discovery']>): Said {
  switch (discovery.state) {
    case 'done':
      return fromDone(facts, discovery.denied);
    case 'running':
      return said('running', 'Its block is being asked right now; it has not answered so far.');
    case 'leased':
      return said('running', 'An appliance has its slice and has not come to its block yet.');
    case 'pending':
      return waiting(facts);
    case 'cancelled':
      return said('not-tested', 'Not tested: the scan was canceled before its block was through.', 'Scan again.');
    case 'not-evaluable':
      return unevaluated(discovery.reason ?? 'internal-error', discovery.detail);
  }
}

function fromDone({ wide }: AccountFacts, denied: number): Said {
  if (wide)
    return said(
      'not-known',
      'It lies in a range that is too wide to ask every address of: only what neighbours and names led to was asked, and which those were is not kept.',
      'Scan the address by itself.',
    );
  if (denied > 0)
    return said(
      'not-known',
      `The appliance's own allow-list forbids ${denied} addresses of its block, and which those are is not kept: this one was silent, or not asked.`,
      'Scan the address by itself, or ask the administrator of the appliance.',
    );
  return said('silent', 'Every address of its block was asked, and this one gave no answer.', silentRemedy);
}

function waiting({ slice, scanReason }: AccountFacts): Said {
  const why = scanReason === null ? '' : ` ${scanReason}`;
  if (slice && slice.attempt > slice.givenBack)
    return said(
      'waiting',
      `Not tested yet: the appliance that had it stopped reporting, and it waits for one to take it over.${why}`,
    );
  if (slice && slice.givenBack > 0)
    return said('waiting', `Not tested yet: the window ended before its turn, and it waits for the next.${why}`);
  const [claimant] = slice?.claimedBy ?? [];
  if (claimant !== undefined)
    return said(
      'waiting',
      `Not tested yet: it is left to ${claimant}, which has a VLAN or route of its own there.${why}`,
    );
  return said('waiting', `Not tested yet: it waits for its turn.${why}`);
}

/** Discovery of its block did not come to its end: silence proves nothing. */
function unevaluated(reason: NotEvaluableReason, detail: string | null): Said {
  const told = detail === null ? '' : ` (${detail})`;
  if (reason === 'local-limit')
    return said(
      'not-known',
      `Part of its block was not asked${told}, and which addresses those are is not kept: this one was silent, or not asked.`,
      'Look at the network of the appliance (no route, no address of that family), then scan again.',
    );
  const [because, remedy] = reasonWords[reason] ?? [`its block could not be evaluated: ${reason}`, 'Scan again.'];
  return said('not-tested', `Not tested: ${because}${told}.`, remedy);
}

const reasonWords: Readonly<Partial<Record<NotEvaluableReason, readonly [string, string]>>> = {
  'window-closed': ['the window ended before its block was through', 'Widen the window or scan fewer addresses in it.'],
  deadline: [
    'the time of the scan ran out before its block was through',
    'Use a faster profile or fewer targets, or scan again.',
  ],
  'lease-expired': [
    'each appliance that had its slice stopped reporting before the block was through',
    'Check the appliances, then scan again.',
  ],
  cancelled: ['the scan was canceled before its block was through', 'Scan again.'],
  'scope-denied': ["the appliance's own allow-list forbids its whole block", 'Ask the administrator of the appliance.'],
  'no-appliance': [
    'no appliance of the network could run its block',
    'Connect an appliance or assign one to the network.',
  ],
  'budget-exhausted': [
    'the packet budget was spent before its block was through',
    'Raise the rate or scan fewer targets.',
  ],
  'internal-error': ['a fault stopped its block', 'See the notes of the scan, and scan again.'],
};
