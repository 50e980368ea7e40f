import { asset, type Asset } from '@picket/contracts/api/inventory';
import { Button } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useItem } from '../../shared/api/use-item.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { LoadedPage } from '../../shared/components/loaded-page.tsx';
import { Page, Section } from '../../shared/components/page.tsx';
import { SeverityCounts } from '../../shared/components/severity.tsx';
import { Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { DetectionsTable } from '../../shared/inventory/detections-table.tsx';
import { useNewScan } from '../../shared/launch/new-scan-context.ts';
import { paths } from '../../shared/paths.ts';
import { AssetScans } from './asset-scans.tsx';
import classes from './assets.module.css';
import { ServicesTable } from './services-table.tsx';

/** Everything about one host over time. */
export function AssetPage() {
  const params = useParams({ strict: false });
  const id = Number(params.id);
  const query = useItem(asset, `/assets/${id}`);
  return (
    <LoadedPage query={query} what="asset" list={{ to: paths.assets, label: 'All assets' }}>
      {(data) => <Content asset={data} />}
    </LoadedPage>
  );
}

function Content({ asset: one }: { asset: Asset }) {
  const newScan = useNewScan();
  const may = useMay();
  return (
    <Page
      title={one.name ?? one.address}
      about={
        <>
          {one.name === null ? null : <Address>{one.address}</Address>}
          <span>in {one.networkName}</span>
          {one.lastScanned === null ? (
            <NotKnown>only mapped, never scanned</NotKnown>
          ) : (
            <SeverityCounts counts={one.detections} none="no open detection" />
          )}
        </>
      }
      actions={
        may.scan ? (
          <Button variant="default" onClick={() => newScan({ targets: one.address, networkId: one.networkId })}>
            Scan this asset
          </Button>
        ) : null
      }
    >
      <div className={classes.top}>
        <Identity asset={one} />
        <AssetScans assetId={one.id} />
      </div>
      <section aria-label="Services">
        <h2 className={classes.heading}>Services</h2>
        <ServicesTable asset={one} />
      </section>
      <section aria-label="Detections">
        <h2 className={classes.heading}>Detections</h2>
        <DetectionsTable filter={{ assetId: one.id }} maxHeight={420} />
      </section>
    </Page>
  );
}

/** The system, how sure the scan is of it, and why. */
function System({ asset: one }: { asset: Asset }) {
  if (one.os === null) return <NotKnown>not known: neither services nor packets gave it away</NotKnown>;
  if (one.osConfidence === null) return one.os;
  return (
    <>
      {one.os} <span className={classes.source}>({Math.round(one.osConfidence * 100)} % sure)</span>
      {one.osEvidence && <div className={classes.source}>{one.osEvidence}</div>}
    </>
  );
}

function Identity({ asset: one }: { asset: Asset }) {
  return (
    <Section title="Identity">
      <Facts>
        <Fact name="Address">
          <Address>{one.address}</Address>
        </Fact>
        <Fact name="Names">
          {one.names.length === 0 ? (
            <NotKnown>no name found</NotKnown>
          ) : (
            one.names.map((name) => (
              <div key={`${name.name}${name.source}`}>
                {name.name} <span className={classes.source}>({name.source})</span>
              </div>
            ))
          )}
        </Fact>
        <Fact name="Tags">
          {one.tags.length === 0
            ? 'none'
            : one.tags.map((own) => (
                <div key={own.id}>
                  <AppLink to={paths.assets} filters={{ tagId: String(own.id) }}>
                    {own.name}
                  </AppLink>
                </div>
              ))}
        </Fact>
        <Fact name="MAC">
          {one.mac ? (
            <>
              <Address>{one.mac}</Address> {one.macVendor ?? ''}
            </>
          ) : (
            <NotKnown>not seen: only a scanner on the same link sees it</NotKnown>
          )}
        </Fact>
        <Fact name="Operating system">
          <System asset={one} />
        </Fact>
        <Fact name="First seen">
          <Time at={one.firstSeen} />
        </Fact>
        <Fact name="Last seen">
          <Time at={one.lastSeen} />
        </Fact>
        <Fact name="Last scanned">
          <Time at={one.lastScanned} never="never: only mapped" />
        </Fact>
      </Facts>
    </Section>
  );
}
