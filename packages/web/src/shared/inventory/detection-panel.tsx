import { detectionDetail, type DetectionDetail } from '@picket/contracts/api/inventory';
import { Stack, Title } from '@mantine/core';
import { useItem } from '../api/use-item.ts';
import { Address } from '../components/address.tsx';
import { AppLink } from '../components/app-link.tsx';
import { Confidence } from '../components/confidence.tsx';
import { Evidence, TrimmedEvidence } from '../components/evidence.tsx';
import { Fact, Facts } from '../components/facts.tsx';
import { Loaded } from '../components/page.tsx';
import { Severity } from '../components/severity.tsx';
import { SidePanel } from '../components/side-panel.tsx';
import { Time } from '../components/time.tsx';
import { UnknownBlock } from '../components/unknown.tsx';
import { plural } from '../format/number.ts';
import { paths } from '../paths.ts';
import { StatusWord } from './detection-status.tsx';

/** Evidence and remedy of one detection, beside the list. */
export function DetectionPanel({ id, onClose }: { id: number; onClose: () => void }) {
  const query = useItem(detectionDetail, `/detections/${id}`);
  return (
    <SidePanel title={query.data?.name ?? 'Detection'} label="Detection" onClose={onClose}>
      <Loaded query={query}>{(detection) => <Body detection={detection} />}</Loaded>
    </SidePanel>
  );
}

function Body({ detection }: { detection: DetectionDetail }) {
  return (
    <Stack gap="md">
      <Where detection={detection} />
      {detection.notEvaluable ? (
        <UnknownBlock reason={detection.notEvaluable} count="the last scan could not test it" />
      ) : null}
      <EvidenceParts detection={detection} />
      {detection.checkInfo ? <Remedy info={detection.checkInfo} /> : null}
    </Stack>
  );
}

function Where({ detection }: { detection: DetectionDetail }) {
  return (
    <Facts>
      <Fact name="Severity">
        <Severity severity={detection.severity} />
      </Fact>
      <Fact name="Status">
        <StatusWord status={detection.status} />, found {plural(detection.timesFound, 'time')}
      </Fact>
      <Fact name="Asset">
        <AppLink to={paths.asset(detection.assetId)}>
          <Address>{detection.address}</Address> {detection.assetName}
        </AppLink>{' '}
        in {detection.networkName}
      </Fact>
      <Fact name="Port">
        <Address>{detection.port === null ? 'whole host' : `${detection.port}/${detection.protocol ?? ''}`}</Address>
      </Fact>
      {detection.instance === '' ? null : (
        <Fact name="Instance">
          <Address>{detection.instance}</Address>
        </Fact>
      )}
      <Fact name="Confidence">
        <Confidence proof={detection.proof} />
      </Fact>
      <Fact name="First seen">
        <Time at={detection.firstSeen} />
      </Fact>
      <Fact name="Last tested">
        <Time at={detection.lastTested} />
        {detection.scanId === null ? null : (
          <>
            {' '}
            by <AppLink to={paths.scan(detection.scanId)}>scan {detection.scanId}</AppLink>
          </>
        )}
      </Fact>
      <Fact name="Check">
        <AppLink to={paths.checks} filters={{ open: detection.check }}>
          <Address>{detection.check}</Address>
        </AppLink>{' '}
        content {detection.contentVersion}
      </Fact>
    </Facts>
  );
}

function EvidenceParts({ detection }: { detection: DetectionDetail }) {
  const { request, response, matcher, extracted, trimmed } = detection.evidence;
  return (
    <Stack gap="xs">
      <Title order={2}>Evidence</Title>
      {matcher ? (
        <div>
          Matched by <Address>{matcher}</Address>
        </div>
      ) : null}
      {extracted.length > 0 ? (
        <div>
          Extracted: <span className="pk-mono">{extracted.join(', ')}</span>
        </div>
      ) : null}
      {request ? <Evidence label="Request" text={request} /> : null}
      {response ? <Evidence label="Response" text={response} /> : null}
      {trimmed ? <TrimmedEvidence /> : null}
      {!request && !response && !trimmed ? <div>The check kept no raw exchange.</div> : null}
    </Stack>
  );
}

function Remedy({ info }: { info: NonNullable<DetectionDetail['checkInfo']> }) {
  return (
    <Stack gap="xs">
      <Title order={2}>What it is</Title>
      <div>{info.description}</div>
      {info.impact ? <div>{info.impact}</div> : null}
      <Title order={2}>What to do</Title>
      <div>{info.remediation ?? 'The check names no remedy; see its references.'}</div>
      {[...info.cve, ...info.cwe].length > 0 ? (
        <div className="pk-mono">{[...info.cve, ...info.cwe].join(', ')}</div>
      ) : null}
      {info.references.map((reference) => (
        <a
          key={reference}
          className="pk-link"
          href={/^https?:/.test(reference) ? reference : undefined}
          target="_blank"
          rel="noreferrer"
          style={{ overflowWrap: 'anywhere' }}
        >
          {reference}
        </a>
      ))}
    </Stack>
  );
}
