import { join } from 'node:path';
import { z } from 'zod';

/** Where the parts of the network are, as the helper last made them: for whoever starts daemon and scan worker. */
export const networkLayout = z.object({
  split: z.boolean(),
  namespaces: z.object({ scan: z.string().nullable(), management: z.string() }),
  resolverFolder: z.string(),
  /** WINS servers for the engine: typed in, or of DHCP's option 44. */
  wins: z.array(z.string()),
  /** User and group of the scan workers; null: those of the daemon. */
  scanUid: z.int().nullable().default(null),
});
export type NetworkLayout = z.infer<typeof networkLayout>;

export function layoutFile(runFolder: string): string {
  return join(runFolder, 'network-layout.json');
}
