import { describe, expect, it } from 'vitest';
import type { ScanOptions } from '../scan/scan-options.ts';
import { scanCommand } from './scan-command.ts';

async function optionsOf(...words: string[]): Promise<ScanOptions | string> {
  const seen: ScanOptions[] = [];
  let said = '';
  const command = scanCommand('scan', async (options) => {
    seen.push(options);
  });
  command.exitOverride().configureOutput({ writeErr: (text) => (said += text) });
  await command.parseAsync(['10.0.0.1', ...words], { from: 'user' }).catch(() => {});
  return seen[0] ?? said;
}

describe('the words of "picket scan"', () => {
  it('leave out all that needs connections where the frames get a VLAN tag of their own', async () => {
    expect(await optionsOf()).toMatchObject({ vlan: null, services: true, checks: true, names: true });
    expect(await optionsOf('--vlan', '30')).toMatchObject({ vlan: 30, services: false, checks: false, names: false });
  });

  it.each(['0', '4095', '1e2', '-1', 'x'])('refuse %s as a VLAN identifier', async (id) => {
    expect(await optionsOf(`--vlan=${id}`)).toMatch(/VLAN identifier from 1 to 4094/);
  });
});
