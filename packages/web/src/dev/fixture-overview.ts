import { assetCount, checkInfos, sampleAsset } from './fixture-data.ts';

const none = { info: 0, low: 0, medium: 0, high: 0, critical: 0 };

/** The first page: of a platform that found much, or nothing yet. */
export function sampleOverview(empty: boolean) {
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

/** The platform about itself. */
export function sampleAbout() {
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
