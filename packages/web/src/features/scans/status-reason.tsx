import type { ScanDetail } from '@picket/contracts/api/scan';
import { Alert } from '@mantine/core';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { isNothingScanned } from '../../shared/components/scan-extent.tsx';
import { paths } from '../../shared/paths.ts';

/** Why it waits, stopped or is incomplete. Where exclusions left nothing of it, also where they are. */
export function StatusReason({ scan }: { scan: ScanDetail }) {
  const may = useMay();
  if (scan.statusReason === null) return null;
  return (
    <Alert variant="default" p="xs">
      {scan.statusReason}
      {isNothingScanned(scan) ? (
        <>
          {' '}
          {may.readAudit ? (
            <>
              <AppLink to={paths.exclusions}>Exclusions</AppLink> say why;
            </>
          ) : (
            'A Manager can say why;'
          )}{' '}
          once they are lifted or narrowed, scan again.
        </>
      ) : null}
    </Alert>
  );
}
