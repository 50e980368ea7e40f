import type { ApplianceDoctor } from '@picket/contracts/api/appliance';
import type { ApplianceScanNetwork } from '@picket/contracts/api/scan-network';
import { emptyScanNetwork, scanNetwork } from '@picket/contracts/scan-network';
import { type Answer, list, one } from './fixture-answer.ts';
import { sampleAppliances, sampleDoctor, sampleNetworkErrors } from './fixture-appliances.ts';
import { ago } from './fixture-data.ts';
import { answerUpdateChange, updatesOf } from './fixture-releases.ts';

const appliances = sampleAppliances();
/** What was saved of the networks that appliances scan, by appliance. */
const scanNetworks = new Map<string, ApplianceScanNetwork>();
/** Examinations that somebody asked for, by appliance: the second look finds the report. */
const doctors = new Map<number, ApplianceDoctor>();
const noDoctor: ApplianceDoctor = { state: 'none', requestedAt: null, requestedBy: null, report: null };

/** Answers what is asked of one appliance; null for the rest. */
export function answerAppliance(id: string, part: string, query: URLSearchParams): Answer | null {
  const number = Number(id);
  if (part === 'network-errors') return list(number === 1 ? sampleNetworkErrors() : [], query);
  if (part === 'doctor') return one(doctors.get(number) ?? noDoctor);
  if (part === 'scan-network') return one(scanNetworkOf(id));
  if (part === 'updates') return one(updatesOf());
  return null;
}

/** Answers a change of appliances; null for the rest. */
export function answerApplianceChange(path: string, body: unknown): Answer | null {
  const [, place, id = '', part = ''] = path.split('/');
  if (place !== 'appliances') return null;
  if (part.startsWith('update-')) return answerUpdateChange(path, body);
  if (part === 'scan-network') return saveScanNetwork(id, body);
  if (part === 'doctor') {
    doctors.set(Number(id), sampleDoctor());
    return { status: 202, body: { ...sampleDoctor(), state: 'waiting', report: null } };
  }
  if (id === 'activate') return { status: 201, body: appliances[0] };
  if (id === 'provision') {
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
  return null;
}

function scanNetworkOf(id: string): ApplianceScanNetwork {
  const none = { network: emptyScanNetwork, changedAt: null, changedBy: null, state: 'none' } as const;
  return scanNetworks.get(id) ?? { ...none, detail: null, reportedAt: null };
}

function saveScanNetwork(id: string, body: unknown): Answer {
  const sent = scanNetwork.parse(body);
  const network = { ...sent, generation: sent.generation + 1 };
  const saved = { network, changedAt: ago(0), changedBy: 'manager', state: 'pending' } as const;
  scanNetworks.set(id, { ...saved, detail: null, reportedAt: null });
  return { status: 200, body: scanNetworkOf(id) };
}
