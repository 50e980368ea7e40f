import type { CertificateFacts, TlsSurvey, TlsWeakness } from '@picket/contracts/tls-facts';

/** Suites that a word of their name condemns (RFC 7465, RFC 8996, RFC 9325 section 4.1). */
const suiteRules: readonly (readonly [TlsWeakness, RegExp])[] = [
  ['null-encryption', /_WITH_NULL_|^TLS_SHA(?:256|384)_/],
  ['anonymous', /_anon_/],
  ['export', /EXPORT/],
  ['rc4', /RC4/],
  ['des', /_DES40_|_DES_CBC|_DES_64_CBC/],
  ['triple-des', /3DES|DES_192_EDE3/],
  ['rc2', /RC2/],
];

const oldVersions = new Set(['ssl20', 'ssl30', 'tls10', 'tls11']);

/** What is weak in a survey, by the words of the contract. Pure. */
export function tlsWeaknesses(survey: Omit<TlsSurvey, 'weaknesses'>): TlsWeakness[] {
  const suites = survey.versions.flatMap(({ ciphers }) => ciphers);
  const forward = /^TLS_(?:ECDHE|DHE|AES|CHACHA20|AEGIS|SM4)_/;
  const { features, path } = survey;
  const own = survey.chain[0];
  const found: (TlsWeakness | false)[] = [
    ...survey.versions.map(({ version }) => oldVersion(version)),
    ...suiteRules.map(([name, rule]) => suites.some((suite) => rule.test(suite)) && name),
    suites.length > 0 && !suites.some((suite) => forward.test(suite)) && 'no-forward-secrecy',
    features?.compression === true && 'compression',
    features?.heartbeat === true && 'heartbeat-offered',
    features?.secureRenegotiation === false && 'insecure-renegotiation',
    features?.clientRenegotiation === true && 'client-renegotiation',
    [survey.dhBits, survey.exportDhBits].some((bits) => bits !== null && bits < 2048) && 'weak-dh',
    survey.groups.classic.some(isWeakCurve) && 'weak-curve',
    survey.chain.some((each) => !each.selfSigned && isWeakSignature(each)) && 'sha1-signature',
    own !== undefined && isWeakKey(own) && 'weak-key',
    path?.ordered === false && 'chain-order',
    path?.complete === false && 'chain-incomplete',
  ];
  return [...new Set(found.filter((each) => each !== false))];
}

function oldVersion(version: TlsSurvey['versions'][number]['version']): TlsWeakness | false {
  return version !== 'tls12' && version !== 'tls13' && oldVersions.has(version) && version;
}

/** Curves of less than 224 bits (RFC 8422 section 5.1.1 retires them). */
function isWeakCurve(name: string): boolean {
  const bits = Number(/^(?:sect|secp)(\d+)/.exec(name)?.[1] ?? 256);
  return bits < 224;
}

/** MD5 and SHA-1 are forgeable (RFC 6151, RFC 9155). A root's own signature proves nothing, so it is left out. */
function isWeakSignature({ signatureAlgorithm }: CertificateFacts): boolean {
  return /md[245]|sha1/i.test(signatureAlgorithm);
}

function isWeakKey({ keyType, keyBits }: CertificateFacts): boolean {
  if (keyBits === 0) return false;
  return keyType === 'ec' ? keyBits < 224 : /^(?:rsa|dsa)/.test(keyType) && keyBits < 2048;
}
