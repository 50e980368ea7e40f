import type { NotEvaluableReason } from '@picket/contracts/event';
import type { Role } from '@picket/contracts/api/session';

/** Why something could not be judged, and what would make it possible. */
export interface Explanation {
  readonly label: string;
  readonly meaning: string;
  readonly remedy: string;
}

/** One explanation for each reason of the ledger. */
export const reasonWords: Readonly<Record<NotEvaluableReason, Explanation>> = {
  filtered: {
    label: 'Filtered',
    meaning: 'The port gave no answer: something on the way drops the packets.',
    remedy: 'Allow the appliance through the firewall, or use one inside that segment.',
  },
  'host-silent': {
    label: 'Host silent',
    meaning: 'The host gave no sign of life during the scan.',
    remedy: 'Check that it is up, or scan with "treat every address as alive".',
  },
  'fragile-host': {
    label: 'Fragile host',
    meaning: 'The host answered worse under load, so the scan let go of it.',
    remedy: 'Scan it with the gentle profile or in a maintenance window.',
  },
  'accepts-everything': {
    label: 'Accepts everything',
    meaning: 'The host accepts connections on nearly every port: something answers in its place.',
    remedy: 'Scan it from inside its segment, or exempt the appliance from the tarpit, SYN proxy or load balancer.',
  },
  'window-closed': {
    label: 'Window closed',
    meaning: 'The scan window ended before this unit ran.',
    remedy: 'Widen the window or scan fewer hosts in it.',
  },
  deadline: {
    label: 'Deadline',
    meaning: 'The time for this unit ran out.',
    remedy: 'Use a faster profile, fewer ports, or scan again.',
  },
  'lease-expired': {
    label: 'Appliance lost',
    meaning: 'The appliance that had this unit stopped reporting.',
    remedy: 'Check the appliance; the unit runs again when it, or another, takes over.',
  },
  cancelled: {
    label: 'Cancelled',
    meaning: 'Somebody cancelled the scan before this unit ran.',
    remedy: 'Scan again.',
  },
  'scope-denied': {
    label: 'Out of scope',
    meaning: 'The target is outside what the appliance may scan.',
    remedy: 'Register the range, or change the local allow list of the appliance.',
  },
  'connection-failed': {
    label: 'No connection',
    meaning: 'The port was open before, but a connection failed.',
    remedy: 'Look for a connection limit or an intrusion-prevention system, then scan again.',
  },
  timeout: {
    label: 'Timed out',
    meaning: 'The service took the connection but did not answer in time.',
    remedy: 'Scan again with the gentle profile.',
  },
  'tls-failed': {
    label: 'TLS failed',
    meaning: 'No TLS session with the service could be made.',
    remedy: 'Look at the TLS evidence of the service; it may speak only obsolete versions.',
  },
  'login-failed': {
    label: 'Login failed',
    meaning: 'The credentials for this host were refused.',
    remedy: 'Correct the credentials and scan again.',
  },
  'check-unsupported': {
    label: 'Check not supported',
    meaning: 'The engine on this appliance cannot run this check.',
    remedy: 'Update the appliance.',
  },
  'check-not-allowed': {
    label: 'Check not allowed',
    meaning: 'The check is intrusive and this scan did not allow intrusive checks.',
    remedy: 'A Manager can launch a scan that allows them.',
  },
  'oast-off': {
    label: 'No call back',
    meaning: 'The check waits for the target to call the appliance, and the appliance does not listen.',
    remedy: 'Give the scanner an address that the targets can reach (--oast-listen).',
  },
  'budget-exhausted': {
    label: 'Budget used up',
    meaning: 'The packet budget of the scan was spent.',
    remedy: 'Raise the rate or scan fewer targets.',
  },
  'local-limit': {
    label: 'Local limit',
    meaning: 'A limit set on the appliance itself stopped this unit.',
    remedy: 'Ask the administrator of the appliance.',
  },
  'no-appliance': {
    label: 'No appliance',
    meaning: 'No appliance of this network could run the unit.',
    remedy: 'Connect an appliance or assign one to the network.',
  },
  'internal-error': {
    label: 'Internal error',
    meaning: 'A fault of the engine stopped this unit.',
    remedy: 'See the notes of the scan and report the fault.',
  },
};

/** The explanation of a reason; a word of a newer platform explains itself. */
export function explainReason(reason: string): Explanation {
  return (
    Object.entries(reasonWords).find(([key]) => key === reason)?.[1] ?? {
      label: reason,
      meaning: 'The platform gives this as the reason.',
      remedy: 'Reload the page: a newer version may explain it.',
    }
  );
}

export const phaseWords = {
  discovery: 'Discovery',
  ports: 'Ports',
  services: 'Services',
  os: 'OS',
  checks: 'Checks',
} as const;

export const roleWords: Readonly<Record<Role, { readonly label: string; readonly may: string }>> = {
  manager: { label: 'Manager', may: 'Everything' },
  auditor: { label: 'Auditor', may: 'Read everything, with people and the audit log; change nothing' },
  'unit-manager': { label: 'Unit Manager', may: 'Everything inside their business unit' },
  scanner: { label: 'Scanner', may: 'Run scans on their assets' },
  reader: { label: 'Reader', may: 'Read results and reports' },
};

/** What each class of proof is worth. */
export const proofWords = {
  behaviour: { label: 'Confirmed', meaning: 'The host showed the weakness itself.' },
  package: { label: 'Likely', meaning: 'The installed package is affected.' },
  'version-banner': {
    label: 'Potential',
    meaning: 'Only a version in a banner says so; fixes may have been backported.',
  },
} as const;
