import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeenService } from './evidence.ts';
import { judgeEvidence } from './identify-os.ts';
import { packageRelease } from './package-release.ts';
import { serviceClaims } from './service-claims.ts';

const fingerprints = new FingerprintDb([]);

function seen(more: Partial<SeenService>): SeenService {
  return {
    type: 'service',
    address: '10.0.0.1',
    protocol: 'tcp',
    port: 1,
    service: 'x',
    cpes: [],
    confidence: 1,
    method: 'probe',
    ...more,
  };
}

function answerTo(...services: Partial<SeenService>[]) {
  return judgeEvidence({ services: services.map(seen), stack: null }, fingerprints);
}

describe('what services give away of the system', () => {
  it('reads the release of Debian from the OpenSSH banner, by the package or by the version that only one release has', () => {
    const os = { vendor: 'Debian', product: 'Linux' };
    const ssh = { service: 'ssh', product: 'OpenSSH', version: '9.2p1' };
    expect(answerTo({ ...ssh, os: { ...os, version: '12' } })).toMatchObject({ vendor: 'Debian', version: '12' });
    expect(answerTo({ ...ssh, os })).toMatchObject({ vendor: 'Debian', version: '12', confidence: 0.9 });
    expect(answerTo({ ...ssh, os, version: '9.9p1' })).toMatchObject({ vendor: 'Debian', product: 'Linux' });
    expect(answerTo({ ...ssh, os, version: '9.9p1' })?.version).toBeUndefined();
  });

  it.each([
    ['5.5.5-10.11.6-MariaDB-0+deb12u1', 'linux/debian/12'],
    ['10.6.18-MariaDB-1:10.6.18+maria~deb11', 'linux/debian/11'],
    ['8.0.39-0ubuntu0.22.04.1', 'linux/ubuntu/22.04'],
    ['9.16.23-RH-9.16.23-18.el9_4.6', 'linux'],
    ['Server: Apache/2.4.59 (Debian)', 'linux/debian'],
    ['220 mail ESMTP Postfix (Debian/GNU)', 'linux/debian'],
    ['1.22.1', null],
    ['debug 12', null],
  ])('reads the mark of a distribution in "%s"', (text, path) => {
    expect(packageRelease(text)?.path.join('/') ?? null).toBe(path);
  });

  it('does not take the text of a page for what the server says of itself', () => {
    const excerpt = String.raw`HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n<p>how to install 1.2-3+deb12u1 on Ubuntu-2</p>`;
    expect(serviceClaims(seen({ service: 'http', evidence: { probe: 'http', excerpt } }))).toEqual([]);
  });

  it('reads Windows from the NTLM version, from IIS and from the object identifier of the agent', () => {
    const os = { vendor: 'Microsoft', product: 'Windows', version: '10.0.20348' };
    expect(answerTo({ service: 'microsoft-ds', os })).toMatchObject({
      product: 'Windows Server 2022',
      confidence: 0.95,
    });
    const agentWords = { service: 'snmp', os: { vendor: 'Microsoft', product: 'Windows', version: '6.3.17763' } };
    expect(answerTo(agentWords)).toMatchObject({
      product: 'Windows 10 1809 or Windows Server 2019',
      version: '10.0.17763',
    });
    const iis = { service: 'http', vendor: 'Microsoft', product: 'IIS', version: '8.5', os: { product: 'Windows' } };
    expect(answerTo(iis)).toMatchObject({ product: 'Windows 8.1 or Windows Server 2012 R2', version: '6.3' });
    const agent = { service: 'snmp', protocol: 'udp' as const, info: 'SNMPv2c, object id 1.3.6.1.4.1.311.1.1.3.1.2' };
    expect(answerTo(iis, agent)).toMatchObject({ product: 'Windows Server 2012 R2' });
  });

  it('reads a Windows that is named by product, and names both editions where only the kernel is known', () => {
    const named = { service: 'smb', os: { vendor: 'Microsoft', product: 'Windows Server 2008 R2' } };
    expect(answerTo(named)).toMatchObject({ product: 'Windows Server 2008 R2', version: '6.1' });
    const iis = { service: 'http', vendor: 'Microsoft', product: 'IIS', version: '7.5', os: { product: 'Windows' } };
    expect(answerTo(iis)).toMatchObject({ product: 'Windows 7 or Windows Server 2008 R2', version: '6.1' });
    expect(answerTo({ ...iis, version: '10.0' })).toMatchObject({ product: 'Windows', version: '10.0' });
  });

  it('reads the build from a remote desktop, and takes none for Windows that tells no build', () => {
    const rdp = { service: 'ms-wbt-server', os: { vendor: 'Microsoft', product: 'Windows', version: '10.0.22631' } };
    expect(answerTo(rdp)).toMatchObject({ product: 'Windows 11 23H2', confidence: 0.95 });
    expect(answerTo({ service: 'ms-wbt-server' })).toBeNull();
  });

  it('tells Samba from Windows', () => {
    expect(answerTo({ service: 'microsoft-ds', vendor: 'Samba', product: 'Samba' })).toBeNull();
  });

  it('reads the system of a Net-SNMP agent from its object identifier', () => {
    const info = 'SNMPv2c, community "public", object id 1.3.6.1.4.1.8072.3.2.10';
    expect(answerTo({ service: 'snmp', info })).toMatchObject({ product: 'Linux', confidence: 0.9 });
  });

  it('believes no name that rests on the port number alone', () => {
    expect(answerTo({ service: 'ms-wbt-server', method: 'port-number', confidence: 0.3 })).toBeNull();
  });

  it('keeps a system that it has no name for under the name that the service gave', () => {
    const os = { vendor: 'Acme', product: 'RoadOS', version: '7' };
    expect(answerTo({ os })).toMatchObject({ vendor: 'Acme', product: 'RoadOS', version: '7' });
  });

  it('never throws and never exceeds its best claim, whatever services say', () => {
    const text = fc.string({ maxLength: 300 });
    const service = fc.record(
      {
        service: text,
        vendor: text,
        product: text,
        version: text,
        info: text,
        os: fc.record({ product: text, version: text }),
      },
      { requiredKeys: ['service'] },
    );
    fc.assert(
      fc.property(fc.array(service, { maxLength: 5 }), (services) => {
        const best = Math.max(
          0,
          ...services.flatMap((each) => serviceClaims(seen(each))).map((each) => each.confidence),
        );
        expect(answerTo(...services)?.confidence ?? 0).toBeLessThanOrEqual(best);
      }),
    );
  });
});
