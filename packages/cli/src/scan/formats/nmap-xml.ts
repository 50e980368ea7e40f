import type { Plan } from '@picket/plan/plan';
import { compressPorts } from '@picket/plan/port-set';
import type { ScanResult } from '../scan-result.ts';
import { hostsInOrder } from './hosts-in-order.ts';
import { hostXml } from './nmap-xml-host.ts';
import { clockText, type RunFacts } from './run-facts.ts';
import { attributes } from './xml-text.ts';

/**
 * The XML of a port scan that other tools import, valid against nmap.dtd. The document type allows one name of a scanner only;
 * what really ran stands in `args` and in a comment.
 */
export function nmapXml(result: ScanResult, facts: RunFacts): string {
  const hosts = hostsInOrder(result);
  const run = attributes({
    scanner: 'nmap',
    args: facts.args,
    start: seconds(facts.startedAt),
    startstr: clockText(facts.startedAt),
    version: facts.version,
    xmloutputversion: '1.05',
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE nmaprun>',
    `<!-- written by picket ${facts.version.replaceAll('--', '- -')} -->`,
    `<nmaprun${run}>`,
    ...scanInfo(result, facts.plan),
    '<verbose level="0"/>',
    '<debugging level="0"/>',
    ...hosts.map(hostXml),
    runStats(result, facts),
    '</nmaprun>',
    '',
  ].join('\n');
}

/** One element for each protocol that was scanned. Half-open scanning shows in the reason of what answered. */
function scanInfo(result: ScanResult, plan: Plan): string[] {
  const halfOpen = [...result.hosts.values()].some((host) =>
    [...host.ports.values()].some((port) => port.protocol === 'tcp' && port.reason === 'syn-ack'),
  );
  const info = (type: string, protocol: 'tcp' | 'udp') => {
    const ports = plan.ports[protocol];
    const values = { type, protocol, numservices: ports.length, services: compressPorts(ports) };
    return ports.length === 0 ? [] : [`<scaninfo${attributes(values)}/>`];
  };
  return [...info(halfOpen ? 'syn' : 'connect', 'tcp'), ...info('udp', 'udp')];
}

function runStats(result: ScanResult, facts: RunFacts): string {
  const up = result.hosts.size;
  const down = Math.max(0, result.addressesTried - up);
  const elapsed = ((facts.endedAt - facts.startedAt) / 1000).toFixed(2);
  const finished = attributes({
    time: seconds(facts.endedAt),
    timestr: clockText(facts.endedAt),
    summary: `Picket done at ${clockText(facts.endedAt)}; ${up + down} IP addresses (${up} hosts up) scanned in ${elapsed} seconds`,
    elapsed,
    exit: facts.complete ? 'success' : 'error',
    errormsg: facts.complete ? undefined : 'The scan is incomplete: some units were not tested.',
  });
  return `<runstats><finished${finished}/><hosts${attributes({ up, down, total: up + down })}/></runstats>`;
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
