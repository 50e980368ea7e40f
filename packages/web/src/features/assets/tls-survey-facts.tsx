import type { TlsSurvey, TlsWeakness } from '@picket/contracts/tls-facts';
import { Address } from '../../shared/components/address.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';

const weaknessNames: Readonly<Record<TlsWeakness, string>> = {
  ssl20: 'SSL 2.0',
  ssl30: 'SSL 3.0',
  tls10: 'TLS 1.0',
  tls11: 'TLS 1.1',
  'null-encryption': 'suites without encryption',
  anonymous: 'suites without authentication',
  export: 'export suites',
  rc4: 'RC4',
  des: 'single DES',
  'triple-des': 'Triple DES',
  rc2: 'RC2',
  'no-forward-secrecy': 'no forward secrecy',
  compression: 'compression (CRIME)',
  'heartbeat-offered': 'heartbeat offered',
  'insecure-renegotiation': 'no secure renegotiation',
  'client-renegotiation': 'clients may renegotiate',
  'weak-dh': 'Diffie-Hellman group below 2048 bits',
  'weak-curve': 'curve below 224 bits',
  'sha1-signature': 'certificate signed with SHA-1 or MD5',
  'weak-key': 'short key',
  'chain-order': 'certificates out of order',
  'chain-incomplete': 'intermediate certificate not sent',
};

const versionNames: Readonly<Record<TlsSurvey['versions'][number]['version'], string>> = {
  ssl20: 'SSL 2.0',
  ssl30: 'SSL 3.0',
  tls10: 'TLS 1.0',
  tls11: 'TLS 1.1',
  tls12: 'TLS 1.2',
  tls13: 'TLS 1.3',
};

const orders = { server: "in the server's order", client: "in the client's order" } as const;

/** Everything that a service would negotiate in TLS. */
export function TlsSurveyFacts({ survey }: { survey: TlsSurvey }) {
  const groups = [...new Set([...survey.groups.tls13, ...survey.groups.classic])];
  const issuers = survey.chain.slice(1).map(({ subject }) => subject);
  return (
    <Facts>
      <Fact name="Weak">{survey.weaknesses.map((each) => weaknessNames[each]).join(', ') || 'nothing found'}</Fact>
      {survey.versions.map(({ version, ciphers, preference }) => (
        <Fact key={version} name={versionNames[version]}>
          <details>
            <summary>
              {ciphers.length} {ciphers.length === 1 ? 'suite' : 'suites'}
              {preference === null ? '' : `, ${orders[preference]}`}
            </summary>
            {ciphers.map((cipher) => (
              <div key={cipher}>
                <Address>{cipher}</Address>
              </div>
            ))}
          </details>
        </Fact>
      ))}
      {groups.length > 0 ? <Fact name="Groups">{groups.join(', ')}</Fact> : null}
      {survey.dhBits === null ? null : <Fact name="Diffie-Hellman">{survey.dhBits} bits</Fact>}
      {survey.alpn.length > 0 ? <Fact name="ALPN">{survey.alpn.join(', ')}</Fact> : null}
      {issuers.length > 0 ? <Fact name="Sent with it">{issuers.join('; ')}</Fact> : null}
      {survey.complete ? null : <Fact name="Note">The server was not asked to the end: there may be more.</Fact>}
    </Facts>
  );
}
