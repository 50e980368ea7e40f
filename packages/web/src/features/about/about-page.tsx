import { about, type About } from '@picket/contracts/api/appliance';
import { virtualAppliances } from '@picket/contracts/api/virtual-appliance';
import { Alert } from '@mantine/core';
import { useFeatures } from '../../shared/api/use-session.ts';
import { useItem } from '../../shared/api/use-item.ts';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Loaded, Page, Section } from '../../shared/components/page.tsx';
import { formatCount } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';

/** Versions, the database, what appliances must reach, the licence. */
export function AboutPage() {
  const query = useItem(about, '/about');
  return (
    <Page title="About">
      <Loaded query={query}>{(data) => <Content data={data} />}</Loaded>
    </Page>
  );
}

function Content({ data }: { data: About }) {
  return (
    <>
      {data.database.warning ? (
        <Alert variant="default" title="Database">
          {data.database.warning}
        </Alert>
      ) : null}
      <Section title="Versions">
        <Facts>
          <Fact name="Picket">
            <span className="pk-mono">{data.version}</span>
          </Fact>
          <Fact name="Protocol level">{data.protocolLevel}</Fact>
          <Fact name="Content">
            <span className="pk-mono">{data.contentVersion}</span>
          </Fact>
          <Fact name="Knowledge">
            <AppLink to={paths.checks}>{formatCount(data.checks)} checks</AppLink>, {formatCount(data.fingerprints)}{' '}
            fingerprints
          </Fact>
          <Fact name="Database">
            {data.database.kind}, <span className="pk-mono">{data.database.version}</span>
          </Fact>
          <Fact name="API">
            <a className="pk-link" href="/api/openapi.json">
              OpenAPI document
            </a>
          </Fact>
        </Facts>
      </Section>
      <Section title="Appliances">
        <p style={{ marginTop: 0 }}>Every appliance must reach these URLs. Nothing has to reach an appliance.</p>
        <ul style={{ margin: '0 0 16px', paddingLeft: 20 }}>
          {data.applianceUrls.map((url) => (
            <li key={url} className="pk-mono">
              {url}
            </li>
          ))}
        </ul>
        <CodeBox label="Enrolment string" code={data.enrolment} />
        {data.caSha256 ? (
          <p>
            Own certificate authority, SHA-256:{' '}
            <span className="pk-mono" style={{ overflowWrap: 'anywhere' }}>
              {data.caSha256}
            </span>
          </p>
        ) : null}
      </Section>
      <Section title="Where scans come from">
        <p style={{ marginTop: 0 }}>
          This platform sends no scan traffic itself, and no service elsewhere scans for it: every scan leaves an
          appliance, from its LAN address or from those that it has in its VLANs and for IPv6. For a scan from outside,
          place an appliance outside. A firewall or intrusion prevention on the way to the targets must let these
          addresses through; <AppLink to={paths.appliances}>Appliances</AppLink> shows the LAN address of each.
        </p>
      </Section>
      <AccountInfo />
      <Section title="Licence">
        <div style={{ whiteSpace: 'pre-wrap' }}>{data.licence}</div>
      </Section>
    </>
  );
}

/** What the subscription has. */
function AccountInfo() {
  const features = useFeatures();
  const virtual = useItem(virtualAppliances, '/virtual-appliances');
  const word = (on: boolean) => (on ? 'yes' : 'switched off');
  return (
    <Section title="Account information">
      <Facts>
        <Fact name="Scan services">
          {features.scanServices
            ? 'used: appliances wait on this platform for work and take it at once'
            : 'not used: appliances take new scans at their next poll'}
        </Fact>
        <Fact name="Virtual scanners">
          {features.virtualAppliances && virtual.data
            ? `${virtual.data.used} of ${virtual.data.limit}`
            : word(features.virtualAppliances)}
        </Fact>
        <Fact name="VLANs and routes">{word(features.vlans)}</Fact>
        <Fact name="IPv6 scanning">{word(features.ipv6)}</Fact>
      </Facts>
    </Section>
  );
}
