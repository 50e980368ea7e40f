import { planPreview, type ScanRequest } from '@picket/contracts/api/scan';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../api/api-context.tsx';

/**
 * The platform's plan of a request (names resolved, registered ranges checked), asked once typing rests for 350 ms. `startsAt`: when it would
 * begin, milliseconds; null for now.
 */
export function usePlanPreview(request: ScanRequest | null, startsAt: number | null = null) {
  const api = useApi();
  const [rested] = useDebouncedValue(request, 350);
  const begin = startsAt === null ? '' : `?startsAt=${new Date(startsAt).toISOString()}`;
  const current = JSON.stringify(rested) === JSON.stringify(request);
  const query = useQuery({
    queryKey: ['/plans', rested, startsAt],
    queryFn: () => api.send(planPreview, 'POST', `/plans${begin}`, rested),
    enabled: rested !== null,
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 60_000,
  });
  return {
    plan: request === null ? undefined : query.data,
    error: request === null ? null : query.error,
    /** The plan shown is of exactly this request. */
    current: current && request !== null && query.isSuccess && !query.isPlaceholderData,
    asking: request !== null && (!current || query.isFetching),
  };
}
