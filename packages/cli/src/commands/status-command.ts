import { resolve } from 'node:path';
import { about, appliance } from '@picket/contracts/api/appliance';
import { page } from '@picket/contracts/api/page';
import { scanSummary } from '@picket/contracts/api/scan';
import { Command } from 'commander';
import { AdminClient } from '../admin/admin-client.ts';
import { dataLayout } from '../data-layout.ts';
import { exitCode } from '../exit-code.ts';
import { type Output, table } from '../terminal/output.ts';

/** `picket status`: platform, appliances and what runs, in one look. Exit code 0 only if the platform answers and an appliance is online. */
export function statusCommand(output: Output, end: (code: number) => void): Command {
  return new Command('status')
    .description('platform, appliances and running scans on this machine')
    .option('--data <dir>', 'data folder', '.picket')
    .option('--json', 'as JSON')
    .action(async (options: { data: string; json?: boolean }) => {
      const client = new AdminClient(dataLayout(resolve(options.data)).platform);
      const [platform, appliances, scans] = await Promise.all([
        client.get('/api/v1/about', about),
        client.get('/api/v1/appliances?limit=500', page(appliance)),
        client.get('/api/v1/scans?limit=500&status=running', page(scanSummary)),
      ]);
      if (options.json)
        output.out(`${JSON.stringify({ platform, appliances: appliances.items, running: scans.items })}\n`);
      else {
        output.out(
          `Platform ${platform.version}, ${platform.database.kind} database, ${platform.checks} checks: ${platform.applianceUrls.join(', ')}\n`,
        );
        const rows = appliances.items.map((each) => [
          each.name,
          each.online ? 'online' : 'OFFLINE',
          each.state,
          each.busy ? 'busy' : 'idle',
          each.lastContact ?? 'never',
        ]);
        output.out(table([['APPLIANCE', 'CONTACT', 'STATE', 'WORK', 'LAST CONTACT'], ...rows]));
        for (const scan of scans.items)
          output.out(`${scan.kind} ${scan.id} "${scan.title}": ${Math.round(scan.progress * 100)} %\n`);
      }
      end(appliances.items.some((each) => each.online) ? exitCode.clean : exitCode.failure);
    });
}
