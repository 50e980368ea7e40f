import { type Features, noFeatures } from '@picket/contracts/api/feature';
import { sessionState } from '@picket/contracts/api/session';
import { useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.tsx';

/** Who is signed in, and how far the set-up is. Hands the CSRF token to the client. */
export function useSession() {
  const api = useApi();
  return useQuery({
    queryKey: ['/session'],
    queryFn: async ({ signal }) => {
      const state = await api.get(sessionState, '/session', {}, signal);
      api.setCsrfToken(state.csrfToken);
      return state;
    },
    staleTime: 60_000,
  });
}

/** What the subscription has; the platform refuses the rest. */
export function useFeatures(): Features {
  return useSession().data?.features ?? noFeatures;
}

/** How much of the subscription the signed-in person sees; null until it is known. */
export function useSees(): 'everything' | 'groups' | 'nothing' | null {
  return useSession().data?.user?.sees ?? null;
}

/** What the signed-in person may do; the platform has the last word. */
export function useMay() {
  const role = useSession().data?.user?.role;
  return {
    manage: role === 'manager',
    managePeople: role === 'manager' || role === 'unit-manager',
    readPeople: role === 'manager' || role === 'unit-manager' || role === 'auditor',
    readAudit: role === 'manager' || role === 'auditor',
    manageAppliances: role === 'manager' || role === 'unit-manager',
    scan: role === 'manager' || role === 'unit-manager' || role === 'scanner',
  };
}
