import type { Service } from '@picket/contracts/api/inventory';
import { Stack, Title } from '@mantine/core';
import { Address } from '../../shared/components/address.tsx';
import { Evidence, TrimmedEvidence } from '../../shared/components/evidence.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { ExactTime, Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { formatPercent } from '../../shared/format/number.ts';
import { TlsSurveyFacts } from './tls-survey-facts.tsx';

/** What a service said of itself, and how it was recognised. */
export function ServicePanel({ service, onClose }: { service: Service; onClose: () => void }) {
  const title = `${service.port}/${service.protocol} ${service.service}`;
  return (
    <SidePanel title={title} label="Service" onClose={onClose}>
      <Stack gap="md">
        <Facts>
          <Fact name="Product">
            {service.product ?? <NotKnown />} <Address>{service.version}</Address>
          </Fact>
          <Fact name="Recognised by">
            {service.method === null ? (
              <NotKnown>not identified yet</NotKnown>
            ) : (
              `${service.method}, ${formatPercent(service.confidence)} sure`
            )}
          </Fact>
          <Fact name="CPE">
            {service.cpes.length === 0 ? (
              <NotKnown>none</NotKnown>
            ) : (
              service.cpes.map((cpe) => (
                <div key={cpe} className="pk-mono">
                  {cpe}
                </div>
              ))
            )}
          </Fact>
          <Fact name="Details">{service.info ?? '–'}</Fact>
          <Fact name="First seen">
            <Time at={service.firstSeen} />
          </Fact>
          <Fact name="Last seen">
            <Time at={service.lastSeen} />
          </Fact>
        </Facts>
        {service.evidence?.trimmed ? (
          <TrimmedEvidence />
        ) : service.evidence ? (
          <Evidence label={`Answer to ${service.evidence.probe}`} text={service.evidence.excerpt} />
        ) : (
          <div>No answer was kept as evidence.</div>
        )}
        {service.tls ? <Tls tls={service.tls} /> : null}
      </Stack>
    </SidePanel>
  );
}

function Tls({ tls }: { tls: NonNullable<Service['tls']> }) {
  const { certificate } = tls;
  return (
    <Stack gap="xs">
      <Title order={2}>TLS</Title>
      <Facts>
        <Fact name="Session">
          <Address>
            {tls.protocol} {tls.cipher}
          </Address>
        </Fact>
        {tls.error ? <Fact name="Verification">{tls.error}</Fact> : null}
        {certificate ? (
          <>
            <Fact name="Subject">{certificate.subject}</Fact>
            <Fact name="Issuer">{certificate.selfSigned ? 'self-signed' : certificate.issuer}</Fact>
            <Fact name="Names">{certificate.names.join(', ') || 'none'}</Fact>
            <Fact name="Valid">
              from <ExactTime at={certificate.notBefore} /> to <ExactTime at={certificate.notAfter} />
            </Fact>
            <Fact name="Key">
              {certificate.keyType} {certificate.keyBits}, {certificate.signatureAlgorithm}
            </Fact>
            <Fact name="SHA-256">
              <span className="pk-mono">{certificate.sha256}</span>
            </Fact>
          </>
        ) : null}
      </Facts>
      {tls.survey ? <TlsSurveyFacts survey={tls.survey} /> : null}
    </Stack>
  );
}
