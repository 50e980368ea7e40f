import type { Asset, CheckInfo, Detection, DetectionDetail, Service } from '@picket/contracts/api/inventory';
import { severities } from '@picket/contracts/primitive';

/** Sample data for working on the interface: addresses of documentation ranges, made by rule so that lists are long. */

/** ISO time so many minutes before the fixture's "now" (the real now: relative times stay small). */
export function ago(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}

const names = ['web', 'db', 'mail', 'print', 'build', 'files', 'cam', 'switch', 'dc', 'vpn'];
const systems = ['Debian GNU/Linux 12', 'Windows Server 2022', null, 'Ubuntu 24.04', 'RouterOS 7'];

/** How many assets the fixture holds. */
export const assetCount = 5000;

export function sampleAsset(id: number): Asset {
  const name = id % 4 === 0 ? null : `${names[id % names.length]}-${id}.example.org`;
  const mapped = id % 7 === 6;
  return {
    id,
    networkId: 1 + (id % 2),
    networkName: id % 2 === 0 ? 'Head office' : 'Branch',
    address: `10.20.${Math.floor(id / 250)}.${(id % 250) + 1}`,
    name,
    names:
      name === null
        ? []
        : [
            { name, source: 'ptr' },
            { name: `${name.split('.')[0]}`, source: 'netbios' },
          ],
    mac: id % 3 === 0 ? null : `52:54:00:12:${(id % 90) + 10}:0a`,
    macVendor: id % 3 === 0 || id % 4 === 1 ? null : 'Sample Interfaces Ltd',
    os: systems[id % systems.length] ?? null,
    osConfidence: systems[id % systems.length] ? 0.9 : null,
    osEvidence: systems[id % systems.length] ? 'ssh on 22/tcp says so' : null,
    firstSeen: ago(60 * 24 * 40 + id),
    lastSeen: ago(5 + (id % 4000)),
    lastScanned: mapped ? null : ago(5 + (id % 4000)),
    openPorts: mapped ? 0 : 1 + (id % 9),
    detections: { critical: id < 4 ? 1 : 0, high: id % 5 === 0 ? 2 : 0, medium: id % 3, low: id % 4, info: id % 6 },
    tags: id % 7 === 1 ? [{ id: 1, name: 'Fragile' }] : [],
  };
}

export const checkInfos: readonly CheckInfo[] = [
  ['redis-no-auth', 'Redis answers without a password', 'critical', 'CVE-2022-0543'],
  ['ssh-weak-kex', 'SSH offers weak key exchange', 'low', null],
  ['tls-expired', 'TLS certificate has expired', 'medium', null],
  ['http-dir-listing', 'Web server lists a directory', 'low', null],
  ['smb-signing-off', 'SMB signing is not required', 'medium', null],
  ['openssl-old', 'OpenSSL is out of support', 'high', 'CVE-2023-0286'],
  ['telnet-open', 'Telnet is offered', 'high', null],
  ['snmp-public', 'SNMP community is "public"', 'high', null],
  ['http-server-version', 'Web server names its version', 'info', null],
].map(
  ([id, name, severity, cve], index): CheckInfo => ({
    id: String(id),
    number: 1000 + index,
    name: String(name),
    severity: severities.find((one) => one === severity) ?? 'info',
    description: `${name}. Anybody who reaches the port can use it; the check proves it by asking and reading the answer.`,
    impact: 'Data can be read or changed without an account.',
    remediation:
      'Require authentication, bind the service to an internal address, and allow only the hosts that need it.',
    references: ['https://example.org/advisories/1', 'https://example.org/hardening'],
    cwe: ['CWE-306'],
    cve: cve === null ? [] : [String(cve)],
    cvssVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    cvssScore: 9.8,
    tags: ['network', 'misconfig'],
    intrusive: index === 4,
    intrusiveReasons: index === 4 ? ['tries credentials'] : [],
    origin: index < 7 ? 'picket' : 'public-templates',
    signature: index < 7 ? 'none' : 'unverified',
    openDetections: 12 - index,
  }),
);

/** How many detections the fixture holds. */
export const detectionCount = 640;

export function sampleDetection(id: number): Detection {
  const check = checkInfos[(id * 7) % checkInfos.length] ?? checkInfos[0];
  if (!check) throw new Error('the fixture has no check');
  const asset = sampleAsset(1 + (id % 90));
  const statuses = ['new', 'active', 'active', 'reopened'] as const;
  const proofs = ['behaviour', 'version-banner', 'package'] as const;
  return {
    id,
    assetId: asset.id,
    address: asset.address,
    assetName: asset.name,
    networkName: asset.networkName,
    check: check.id,
    checkNumber: check.number,
    name: check.name,
    severity: check.severity,
    status: statuses[id % 4] ?? 'new',
    proof: proofs[id % 3] ?? 'behaviour',
    protocol: 'tcp',
    port: [6379, 22, 443, 80, 445][id % 5] ?? null,
    instance: id === 2 ? '/backup.tar.gz' : '',
    firstSeen: ago(60 * 24 * (id <= 17 ? 3 : 12)),
    lastSeen: ago(30 + id),
    lastTested: ago(30 + id),
    fixedAt: null,
    timesFound: 1 + (id % 8),
    notEvaluable: id % 9 === 0 ? 'filtered' : null,
  };
}

export function sampleDetectionDetail(id: number): DetectionDetail {
  const detection = sampleDetection(id);
  return {
    ...detection,
    evidence: {
      request: '*1\r\n$4\r\nINFO\r\n',
      response:
        '$3204\r\n# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux 6.1.0 x86_64\r\n<script>alert(1)</script>\r\n',
      matcher: 'word "redis_version"',
      extracted: ['7.0.15'],
      trimmed: false,
    },
    scanId: 11,
    contentVersion: '2026.11.20',
    checkInfo: checkInfos.find((one) => one.id === detection.check) ?? null,
  };
}

export function sampleServices(asset: Asset): readonly Service[] {
  const kinds = [
    [22, 'ssh', 'OpenSSH', '9.2p1'],
    [80, 'http', 'nginx', '1.22.1'],
    [443, 'http', 'nginx', '1.22.1'],
    [6379, 'redis', 'Redis', '7.0.15'],
    [9999, 'unknown', null, null],
  ] as const;
  return kinds.slice(0, Math.max(1, Math.min(asset.openPorts, 5))).map(
    ([port, service, product, version], index): Service => ({
      id: asset.id * 10 + index,
      assetId: asset.id,
      address: asset.address,
      assetName: asset.name,
      protocol: 'tcp',
      port,
      state: 'open',
      service,
      tunnel: port === 443 ? 'tls' : null,
      product,
      version,
      info: port === 22 ? 'protocol 2.0, Debian 12' : null,
      cpes: product ? [`cpe:2.3:a:example:${product.toLowerCase()}:${version}:*:*:*:*:*:*:*`] : [],
      confidence: product ? 1 : 0.3,
      method: product ? 'probe' : 'port-number',
      evidence: product ? { probe: 'banner', excerpt: `${product} ${version} ready\r\n` } : null,
      tls:
        port === 443
          ? {
              protocol: 'TLSv1.3',
              cipher: 'TLS_AES_256_GCM_SHA384',
              alpn: 'http/1.1',
              error: 'certificate has expired',
              certificate: {
                subject: 'CN=web.example.org',
                issuer: 'CN=Example CA',
                names: ['web.example.org'],
                notBefore: '2025-01-01T00:00:00.000Z',
                notAfter: '2026-01-01T00:00:00.000Z',
                sha256: 'ab'.repeat(32),
                keyType: 'RSA',
                keyBits: 2048,
                signatureAlgorithm: 'sha256WithRSAEncryption',
                selfSigned: false,
              },
              survey: {
                complete: true,
                handshakes: 74,
                versions: [
                  {
                    version: 'tls13',
                    ciphers: ['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'],
                    preference: 'server',
                  },
                  { version: 'tls10', ciphers: ['TLS_RSA_WITH_3DES_EDE_CBC_SHA'], preference: null },
                ],
                groups: { tls13: ['X25519MLKEM768', 'x25519'], classic: ['x25519', 'secp256r1'] },
                signatures: { tls13: ['rsa_pss_rsae_sha256'], tls12: [] },
                dhBits: null,
                exportDhBits: null,
                alpn: ['h2', 'http/1.1'],
                features: null,
                resumption: true,
                stapledOcsp: false,
                clientCertificate: false,
                sni: { default: null, named: null, unknownName: null },
                chain: [],
                path: null,
                weaknesses: ['tls10', 'triple-des'],
              },
            }
          : null,
      firstSeen: asset.firstSeen,
      lastSeen: asset.lastSeen,
    }),
  );
}
