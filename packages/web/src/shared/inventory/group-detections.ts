import type { Detection } from '@picket/contracts/api/inventory';
import { severities, type Severity } from '@picket/contracts/primitive';

/** Detections of one check or one asset. */
export interface DetectionGroup {
  readonly key: string;
  readonly title: string;
  readonly severity: Severity;
  readonly detections: readonly Detection[];
}

/** Groups what is loaded, worst and largest first. Pure. */
export function groupDetections(detections: readonly Detection[], by: 'check' | 'asset'): readonly DetectionGroup[] {
  const groups = new Map<string, Detection[]>();
  for (const detection of detections) {
    const key = by === 'check' ? detection.check : String(detection.assetId);
    groups.set(key, [...(groups.get(key) ?? []), detection]);
  }
  const weight = (severity: Severity) => severities.indexOf(severity);
  return [...groups]
    .map(([key, members]): DetectionGroup => {
      const first = members[0];
      const title =
        by === 'check'
          ? (first?.name ?? key)
          : `${first?.address ?? key}${first?.assetName ? ` ${first.assetName}` : ''}`;
      const severity = members.reduce<Severity>(
        (worst, one) => (weight(one.severity) > weight(worst) ? one.severity : worst),
        'info',
      );
      return { key, title, severity, detections: members };
    })
    .sort((a, b) => weight(b.severity) - weight(a.severity) || b.detections.length - a.detections.length);
}
