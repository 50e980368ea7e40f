import { createContext, useContext } from 'react';
import type { ApiClient } from './client.ts';

const context = createContext<ApiClient | null>(null);

/** Gives the pages below it their client. */
export const ApiProvider = context.Provider;

/** The client of this page. Throws outside `ApiProvider`: a fault of ours. */
export function useApi(): ApiClient {
  const client = useContext(context);
  if (!client) throw new Error('useApi needs an ApiProvider above it');
  return client;
}
