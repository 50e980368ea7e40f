import type { ScanRequest } from '@picket/contracts/api/scan';
import { createContext, useContext } from 'react';

/** What a page already knows of the scan to launch. */
export type ScanPrefill = Partial<
  Pick<
    ScanRequest,
    | 'kind'
    | 'networkId'
    | 'targets'
    | 'assetGroupIds'
    | 'applianceIds'
    | 'applianceGroupIds'
    | 'tagIds'
    | 'fromMap'
    | 'profile'
    | 'ports'
    | 'exclude'
    | 'title'
  >
>;

const context = createContext<(prefill?: ScanPrefill) => void>(() => {});

/** Gives the pages below it the New scan dialog. */
export const NewScanProvider = context.Provider;

/** Opens the New scan dialog from anywhere. */
export function useNewScan(): (prefill?: ScanPrefill) => void {
  return useContext(context);
}
