import { describe, expect, it } from 'vitest';
import type { Truth, TruthService } from '../../../lab/truth.ts';
import { type Finding, judgeFindings } from './judgement.ts';

const service: TruthService = {
  port: 80,
  transport: 'tcp',
  service: 'http',
  tls: false,
  product: 'nginx',
  tells: ['name'],
  families: ['ipv4'],
  weaknesses: [],
  beyondChecks: [],
  resists: [],
};
const truth: Truth = {
  scanNetwork: { ipv4: '10.0.0.0/24', ipv6: 'fd00::/64', scanner: { ipv4: '10.0.0.2', ipv6: 'fd00::2' } },
  managementNetwork: {
    ipv4: '10.1.0.0/24',
    ipv6: 'fd01::/64',
    scanner: { ipv4: '10.1.0.2', ipv6: 'fd01::2' },
    platform: { ipv4: '10.1.0.1', ipv6: 'fd01::1' },
  },
  hosts: [
    {
      name: 'weak',
      ipv4: '10.0.0.10',
      hardened: false,
      note: '',
      services: [{ ...service, weaknesses: ['one'], beyondChecks: ['two'] }],
      hidden: [],
    },
    {
      name: 'hard',
      ipv4: '10.0.0.11',
      hardened: true,
      note: '',
      services: [{ ...service, resists: ['one'] }],
      hidden: [],
    },
  ],
};
const scanned = new Set(['10.0.0.10', '10.0.0.11']);
const at = (address: string, check: string, severity: Finding['severity'] = 'low'): Finding => ({
  address,
  check,
  severity,
  place: '80/tcp',
});

describe('the judgement of a scan of the lab', () => {
  it('counts what was planted and not found, with a check of ours or without', () => {
    const { planted, missed } = judgeFindings(truth, scanned, [at('10.0.0.10', 'one')]);
    expect(planted).toEqual(['one weak 80/tcp', 'two weak 80/tcp']);
    expect(missed).toEqual(['two weak 80/tcp']);
  });

  it('finds false findings: on hardened hosts, and where the truth names none', () => {
    const found = [at('10.0.0.11', 'one', 'info'), at('10.0.0.11', 'three'), at('10.0.0.10', 'four', 'high')];
    const { falseOnHardened, unnamed } = judgeFindings(truth, scanned, found);
    expect(falseOnHardened).toEqual(['one hard 80/tcp', 'three hard 80/tcp']);
    expect(unnamed).toEqual(['four weak 80/tcp']);
  });

  it('lets information pass that nothing speaks against, and ignores what was not scanned', () => {
    const found = [at('10.0.0.11', 'three', 'info'), at('10.0.0.99', 'one', 'high')];
    expect(judgeFindings(truth, scanned, found)).toMatchObject({ falseOnHardened: [], unnamed: [] });
  });
});
