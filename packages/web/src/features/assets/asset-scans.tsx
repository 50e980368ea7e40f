import { scanSummary } from '@picket/contracts/api/scan';
import { useList } from '../../shared/api/use-list.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { Section } from '../../shared/components/page.tsx';
import { ScanStatus } from '../../shared/components/scan-status.tsx';
import { Time } from '../../shared/components/time.tsx';
import { paths } from '../../shared/paths.ts';
import classes from './assets.module.css';

/** The last jobs that saw the asset, and whether each was complete. */
export function AssetScans({ assetId }: { assetId: number }) {
  const list = useList(scanSummary, '/scans', { assetId }, { limit: 6 });
  return (
    <Section title="Scans that saw this asset" actions={<AppLink to={paths.scans}>All scans</AppLink>}>
      <ul className={classes.scans}>
        {list.items.slice(0, 6).map((scan) => (
          <li key={scan.id}>
            <AppLink to={paths.scan(scan.id)}>
              {scan.title || `${scan.kind === 'map' ? 'Map' : 'Scan'} ${scan.id}`}
            </AppLink>
            <ScanStatus status={scan.status} complete={scan.complete} />
            <Time at={scan.createdAt} />
          </li>
        ))}
        {list.items.length === 0 && !list.loading ? <li>None yet.</li> : null}
      </ul>
    </Section>
  );
}
