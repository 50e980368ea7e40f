import type { CompareChange, CompareKind, UntestedReason } from '@picket/contracts/api/compare';
import { explainReason, type Explanation } from '../../shared/format/words.ts';

export const changeWords: Readonly<Record<CompareChange, string>> = {
  new: 'New',
  gone: 'Gone',
  opened: 'Opened',
  closed: 'Closed',
  'no-answer': 'No answer now',
  changed: 'Changed',
  fixed: 'Fixed',
  severity: 'Other severity',
  'not-tested': 'Not tested this time',
  'not-tested-before': 'Not tested before',
};

/** Changes of each kind, in the order in which they are shown. */
export const changesOfKind: Readonly<Record<CompareKind, readonly CompareChange[]>> = {
  host: ['new', 'gone', 'not-tested', 'not-tested-before'],
  port: ['opened', 'closed', 'no-answer', 'not-tested', 'not-tested-before'],
  service: ['changed', 'not-tested', 'not-tested-before'],
  finding: ['new', 'fixed', 'severity', 'not-tested', 'not-tested-before'],
};

export const kindWords: Readonly<Record<CompareKind, string>> = {
  host: 'Hosts',
  port: 'Ports',
  service: 'Services',
  finding: 'Findings',
};

const planWords: Readonly<Partial<Record<UntestedReason, Explanation>>> = {
  'not-in-targets': {
    label: 'Not in the targets',
    meaning: 'That scan did not have the address among its targets.',
    remedy: 'Compare scans of the same targets.',
  },
  excluded: {
    label: 'Excluded',
    meaning: 'An exclusion took the address out of that scan.',
    remedy: 'Take the exclusion away and scan again, if the address may be scanned.',
  },
  'not-planned': {
    label: 'Not part of the scan',
    meaning: 'That scan did not ask for it: the port, the phase or the check was not in its plan or content.',
    remedy: 'Compare scans with the same ports and options.',
  },
  'not-reached': {
    label: 'Not reached',
    meaning: 'That scan had not come to it.',
    remedy: 'Wait for its end, or scan again.',
  },
  'port-closed': {
    label: 'Port closed',
    meaning: 'The port was closed in that scan, so the check had nothing to run on.',
    remedy: 'Scan again when the service is back, or take the closed port for the answer.',
  },
  'not-known': {
    label: 'Not known',
    meaning: 'Part of what holds it was tested in that scan, and nothing tells which part.',
    remedy: 'Ask for the account of the host in that scan, or scan again.',
  },
};

/** Why a scan did not test something. */
export function explainUntested(reason: UntestedReason): Explanation {
  return planWords[reason] ?? explainReason(reason);
}
