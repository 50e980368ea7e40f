import { compileCheck } from '@picket/checks/compile-check';
import type { TlsSurvey } from '@picket/contracts/tls-facts';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { tlsMessages } from '../../fuzz/corpus/tls-messages.ts';
import type { CheckPayload, ServiceEvent } from '../../run/stages.ts';
import { FakeNetwork } from '../../testing/fake-network.ts';
import { seededRandom } from '../../testing/seeded-random.ts';
import { certificateFacts } from '../../tls/certificate-facts.ts';
import { createRunChecks } from '../run-checks.ts';
import { surveyFacts, surveyVariables } from './known-tls.ts';

const leaf = certificateFacts(tlsMessages.certificates[0] ?? new Uint8Array(0));
const survey: TlsSurvey = {
  complete: true,
  handshakes: 40,
  versions: [
    { version: 'tls12', ciphers: ['TLS_RSA_WITH_AES_128_CBC_SHA'], preference: null },
    { version: 'ssl30', ciphers: ['TLS_RSA_WITH_RC4_128_SHA'], preference: null },
  ],
  groups: { tls13: [], classic: [] },
  signatures: { tls13: [], tls12: [] },
  dhBits: null,
  exportDhBits: null,
  alpn: [],
  features: null,
  resumption: null,
  stapledOcsp: null,
  clientCertificate: null,
  sni: { default: null, named: null, unknownName: null },
  chain: leaf ? [leaf] : [],
  path: null,
  weaknesses: ['ssl30', 'rc4'],
};

const mail: ServiceEvent = {
  type: 'service',
  unit: { phase: 'services', subject: '10.0.0.7' },
  time: '2026-11-21T05:00:00.000Z',
  address: '10.0.0.7',
  protocol: 'tcp',
  port: 25,
  service: 'smtp',
  tunnel: 'starttls',
  cpes: [],
  confidence: 1,
  method: 'banner',
  tls: { protocol: 'TLSv1.2', cipher: 'x', alpn: null, certificate: leaf, error: null, survey },
};

function check(id: string, block: string) {
  const compiled = compileCheck(
    `id: ${id}\ninfo:\n  name: a\n  severity: low\nssl:\n  - address: "{{Host}}:{{Port}}"\n${block}`,
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value;
}

const checks = [
  check(
    'old',
    '    min_version: ssl30\n    max_version: ssl30\n    matchers:\n      - { type: word, part: tls_version, words: [ssl30] }\n',
  ),
  check(
    'older',
    '    min_version: tls10\n    max_version: tls10\n    matchers:\n      - { type: word, part: tls_version, words: [tls10] }\n',
  ),
  check(
    'rc4',
    '    min_version: ssl30\n    cipher_suites: [TLS_RSA_WITH_RC4_128_SHA]\n    matchers:\n      - { type: dsl, dsl: ["probe_status == true"] }\n    extractors:\n      - { type: kval, kval: [cipher] }\n',
  ),
  check(
    'key',
    '    matchers:\n      - { type: dsl, dsl: [\'key_type == "ec" && key_bits == 256 && contains(subject_an, "www.example.test")\'] }\n',
  ),
  check('weak', '    matchers:\n      - { type: dsl, dsl: [\'contains(tls_weaknesses, "rc4")\'] }\n'),
];

const noFeatures = {
  secureRenegotiation: true,
  clientRenegotiation: null,
  extendedMasterSecret: true,
  encryptThenMac: false,
  compression: false,
  heartbeat: false,
  sessionTicket: false,
  sessionId: false,
};

async function run(
  service: ServiceEvent,
): Promise<{ found: string[]; passed: string[]; open: string[]; dials: number }> {
  const clock = new FakeClock();
  const network = new FakeNetwork(clock, {});
  // Whoever dials learns nothing.
  network.localFault = () => 'ECONNRESET';
  const tools = {
    dialer: network,
    clock,
    random: seededRandom(1),
    signal: new AbortController().signal,
    intrusive: false,
    parallel: 1,
  };
  const payloads: CheckPayload[] = [];
  const target = { address: '10.0.0.7', names: [], services: [service] };
  for await (const payload of createRunChecks({ version: 'test', checks })(target, tools)) payloads.push(payload);
  const checked = payloads.flatMap((each) => (each.type === 'checked' ? [each] : []));
  return {
    found: payloads.flatMap((each) => (each.type === 'finding' ? [each.check] : [])).sort(),
    passed: checked.flatMap(({ passed }) => passed).sort(),
    open: checked.flatMap(({ notEvaluable }) => notEvaluable.map((each) => each.check)).sort(),
    dials: network.dials.length,
  };
}

describe('checks of a service whose TLS was surveyed', () => {
  it('are answered behind an upgrade without asking again', async () => {
    expect(await run(mail)).toEqual({ found: ['key', 'old', 'rc4', 'weak'], passed: ['older'], open: [], dials: 0 });
  });

  it('are answered out of the survey where no handshake can be finished now', async () => {
    const { tunnel, ...plain } = mail;
    expect(tunnel).toBe('starttls');
    const direct = { ...plain, tunnel: 'tls' as const };
    expect(await run(direct)).toMatchObject({ found: ['key', 'old', 'rc4', 'weak'], passed: ['older'], open: [] });
  });

  it('know every variable that only a survey tells', () => {
    const features = { ...noFeatures, compression: true };
    const path = { ordered: true, complete: true, missingIssuer: null, surplus: 0, sendsRoot: false };
    const told = surveyVariables({ ...survey, features, path, dhBits: 1024, stapledOcsp: false });
    expect(Object.keys(told).sort()).toEqual([...surveyFacts].sort());
  });

  it('stay open where a survey was cut short', async () => {
    const cut = { ...survey, complete: false, versions: survey.versions.slice(0, 1) };
    const service = {
      ...mail,
      tls: { protocol: 'x', cipher: 'x', alpn: null, certificate: leaf, error: null, survey: cut },
    };
    expect(await run(service)).toMatchObject({ passed: [], open: ['old', 'older', 'rc4'], dials: 0 });
  });

  it('are left out behind an upgrade that was not surveyed', async () => {
    const { tls, ...plain } = mail;
    expect(tls).toBeDefined();
    expect(await run(plain)).toEqual({ found: [], passed: [], open: [], dials: 0 });
  });
});
