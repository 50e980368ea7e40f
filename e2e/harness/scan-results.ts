import { type Detection, detection } from '@picket/contracts/api/inventory';
import { type MapHostItem, mapHostItem } from '@picket/contracts/api/map';
import { page } from '@picket/contracts/api/page';
import { scanHost } from '@picket/contracts/api/scan';
import type { z } from 'zod';
import type { AdminClient } from '../../packages/cli/src/admin/admin-client.ts';

export type ScanHost = z.infer<typeof scanHost>;

/** All pages of a list. */
export async function readAll<T>(client: AdminClient, path: string, item: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query = `${path.includes('?') ? '&' : '?'}limit=500${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const list: { items: T[]; nextCursor: string | null } = await client.get(`${path}${query}`, page(item));
    items.push(...list.items);
    cursor = list.nextCursor;
  } while (cursor !== null);
  return items;
}

/** Hosts that a scan found up, with their open ports. */
export function scanHosts(client: AdminClient, scanId: number): Promise<ScanHost[]> {
  return readAll(client, `/api/v1/scans/${scanId}/hosts`, scanHost);
}

/** Hosts of the map that a job makes, with their roles. */
export function mapHosts(client: AdminClient, jobId: number): Promise<MapHostItem[]> {
  return readAll(client, `/api/v1/maps/${jobId}/hosts`, mapHostItem);
}

/** What a scan found, info included. */
export function scanDetections(client: AdminClient, scanId: number): Promise<Detection[]> {
  return readAll(client, `/api/v1/detections?scanId=${scanId}&status=new,active,reopened`, detection);
}
