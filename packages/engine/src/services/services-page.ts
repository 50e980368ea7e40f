import type { ServiceProbe } from './probe.ts';

/** The page that lists what the engine can recognise, in Markdown. A test holds `docs/services.md` against it. */
export function servicesPage(probes: readonly ServiceProbe[]): string {
  const sorted = [...probes].sort((a, b) => (a.name < b.name ? -1 : 1));
  const proved = sorted.filter(({ proved }) => proved === 'server').length;
  const names = new Set(sorted.flatMap(({ services }) => services)).size;
  return `${[
    '# Services that Picket recognises',
    '',
    `${sorted.length} probes for ${names} service names; ${proved} are proved against a real server of Debian that a test starts, the other`,
    `${sorted.length - proved} on bytes that follow the protocol's specification, because no server was at hand. Names are IANA's, or the usual`,
    'ones where IANA has none. Software and versions come from the protocol itself or from the fingerprints in `content/fingerprints`.',
    '',
    'A probe is tried on its ports, when an answer hints at it, and, where it has a rank, on ports that nobody knows. Where the',
    'server offers an upgrade to TLS (STARTTLS and its like), Picket takes it, looks at the certificate and closes.',
    '',
    '**Fragile**: devices behind these ports may print or stop when they are asked wrongly. They are told by their port number and left',
    'alone unless the scan says `--ask-fragile`.',
    '',
    '| probe | service | ports | inside TLS | proved by | what it does |',
    '| --- | --- | --- | --- | --- | --- |',
    ...sorted.map(row),
  ].join('\n')}\n`;
}

function row(probe: ServiceProbe): string {
  const ports = (list: readonly number[]) => list.map((port) => `${port}`).join(' ');
  const help = `${probe.help.replaceAll('|', '\\|')}${probe.fragile ? ' **Fragile.**' : ''}`;
  const udp = probe.transport === 'udp' ? ' (UDP)' : '';
  return `| ${probe.name} | ${probe.services.join(', ')} | ${ports(probe.ports)}${udp} | ${ports(probe.tlsPorts)} | ${probe.proved} | ${help} |`;
}
