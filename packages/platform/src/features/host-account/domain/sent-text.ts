import { ownValue } from '@picket/base/own-value';
import type { HostAccount } from '@picket/contracts/api/host-account';
import type { SentProbes } from '../../../jobs/domain/sent-probes.ts';

type UnitState = NonNullable<HostAccount['discovery']>['state'];

/** What was sent for a block, in plain sentences. Pure; says of nothing that it was sent but what an appliance told. */
export function sentText(state: UnitState, probes: SentProbes | null): string[] {
  if (probes === null) return [state === 'done' ? notCounted : nothingTold];
  if (probes.begun === 0 && probes.told === 0) return [notBegun];
  if (probes.told === 0) return [untold(state)];
  const runs = probes.told === 1 ? '' : ` in ${probes.told} runs`;
  const sent = probes.sent.filter((one) => one.sent > 0).map((one) => `${kindText(one)}.`);
  return [
    sent.length === 0 ? `Nothing was sent to find hosts in the block${runs}.` : `Sent for the whole block${runs}:`,
    ...sent,
    ...probes.unsent.map(unsentText),
    ...(probes.begun > probes.told ? [missing(state, probes.begun - probes.told)] : []),
  ];
}

const nothingTold = 'No appliance has told anything of the block.';
const notBegun = 'No appliance has said that it began the block.';
const notCounted = 'What was sent is not told by this version of the appliance.';

function untold(state: UnitState): string {
  if (state === 'running') return 'The block is under way; what is sent is told when it is through.';
  if (state === 'done' || state === 'not-evaluable') return notCounted;
  return 'The block was begun, and what was sent is not told: the appliance was lost, or its version does not count it.';
}

function missing(state: UnitState, runs: number): string {
  const lost = state === 'running' ? runs - 1 : runs;
  const underWay = state === 'running' ? 'One more run is under way. ' : '';
  if (lost === 0) return underWay.trim();
  return `${underWay}${lost === 1 ? 'One more run' : `${lost} more runs`} did not tell what was sent: the appliance was lost, or its version does not count it.`;
}

const kindWords: Readonly<Record<string, string>> = {
  arp: 'ARP requests',
  ndp: 'NDP neighbour solicitations',
  'icmp-echo': 'ICMP echo requests',
  'icmp-timestamp': 'ICMP timestamp requests',
  'tcp-syn': 'TCP SYN',
  'tcp-ack': 'TCP ACK',
  'tcp-connect': 'TCP connections tried',
  udp: 'UDP datagrams',
  'icmpv6-multicast': 'ICMPv6 questions to all hosts and routers of a link',
};

/** `TCP SYN to ports 22, 80: 512 packets`. */
function kindText({ kind, sent, ports }: SentProbes['sent'][number]): string {
  const to =
    ports === undefined ? '' : ` to ${/^[0-9]+$/.test(ports) ? 'port' : 'ports'} ${ports.replaceAll(',', ', ')}`;
  return `${ownValue(kindWords, kind) ?? kind}${to}: ${sent}`;
}

function unsentText({ reason, addresses, detail }: SentProbes['unsent'][number]): string {
  const words = ownValue(unsentWords, reason);
  const many = addresses === undefined ? '' : `${addresses} ${addresses === 1 ? 'address' : 'addresses'}`;
  const why = detail === undefined || detail === '' ? '' : ` (${detail})`;
  if (words) return `${words(many)}${why}.`;
  return many === ''
    ? `The block was not asked to the end: ${reason}${why}.`
    : `${many} not asked to the end: ${reason}${why}.`;
}

const unsentWords: Readonly<Record<string, (addresses: string) => string>> = {
  'scope-denied': (addresses) => `Nothing sent to ${addresses}: the appliance's own allow-list forbids them`,
  assumed: (addresses) => `Nothing sent to ${addresses}: taken as there without asking`,
  'this-machine': (addresses) => `Nothing sent to ${addresses}: the appliance itself`,
  'too-wide': () => 'Nothing sent to the other addresses of the range: too many to ask each, and nothing led to them',
  'local-limit': (addresses) => `${addresses} not asked, as the appliance was not able to`,
  'no-raw-packets': (addresses) =>
    addresses === '' ? 'No raw packets: ordinary connections alone' : `No raw packets to ${addresses}`,
  'window-closed': (addresses) => `${addresses || 'The block'} not asked to the end: the window ended`,
  deadline: (addresses) => `${addresses || 'The block'} not asked to the end: the time of the scan ran out`,
  'lease-expired': (addresses) => `${addresses || 'The block'} not asked to the end: the lease ran out`,
  cancelled: (addresses) => `${addresses || 'The block'} not asked to the end: the run was stopped`,
  'internal-error': (addresses) => `${addresses || 'The block'} not asked to the end: a fault stopped it`,
};
