import {
  generalSystems,
  type RoleName,
  type RoleRule,
  roleNames,
  roleRules,
  rolesWithWebPage,
  serverSystems,
  servingRoles,
  workstationSystems,
} from './role-rules.ts';

/** A service as far as roles ask for it. */
export interface SeenService {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly service: string;
  readonly vendor?: string | undefined;
  readonly product?: string | undefined;
  readonly info?: string | undefined;
  readonly method: 'probe' | 'banner' | 'port-number';
}

/** What was seen of a host, as the roles are told from it. */
export interface HostSeen {
  /** Prefixes that the host is the gateway of. */
  readonly gatewayOf: readonly string[];
  /** Traced ways that it forwarded. */
  readonly forwards: number;
  readonly openPorts: readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[];
  readonly services: readonly SeenService[];
  /** Operating system as text; null when nothing told it. */
  readonly os: string | null;
  /** Who made the interface. */
  readonly macVendor: string | null;
}

/**
 * `seen`: the host did what the role is (spoke the protocol, forwarded packets). `likely`: it said so (product, system).
 * `guess`: an open port or the maker of its interface alone speaks for it.
 */
export type RoleStrength = 'seen' | 'likely' | 'guess';

export interface RoleEvidence {
  readonly role: RoleName;
  readonly strength: RoleStrength;
  /** Short clauses for people, at most 6 of at most 160 characters. */
  readonly evidence: readonly string[];
}

/** One reason for a role. */
interface Reason {
  readonly role: RoleName;
  readonly strength: RoleStrength;
  readonly text: string;
}

const strengths: readonly RoleStrength[] = ['seen', 'likely', 'guess'];

/**
 * Roles of a host with the evidence for each, the most important first. Total and pure; the order of what was seen does not
 * matter. A host that showed nothing but an address has none, which is the honest answer.
 */
export function rolesOf(host: HostSeen): readonly RoleEvidence[] {
  const reasons = [...routing(host), ...domainController(host), ...roleRules.flatMap((rule) => ruled(rule, host))];
  const kept = isDevice(host, reasons) ? reasons.filter((reason) => reason.role !== 'web-server') : reasons;
  return gather([...kept, ...systemRoles(host, kept)]);
}

/** A device whose web page runs the device: told by more than a guess, and no computer with a general system. */
function isDevice(host: HostSeen, reasons: readonly Reason[]): boolean {
  if (host.os !== null && (serverSystems.test(host.os) || generalSystems.test(host.os))) return false;
  return reasons.some((reason) => rolesWithWebPage.has(reason.role) && reason.strength !== 'guess');
}

function routing(host: HostSeen): Reason[] {
  const reasons: Reason[] = [];
  for (const prefix of host.gatewayOf.toSorted()) {
    const what = prefix === '0.0.0.0/0' || prefix === '::/0' ? 'the default gateway' : `the gateway to ${prefix}`;
    reasons.push({ role: 'router', strength: 'seen', text: `is ${what}` });
  }
  if (host.forwards > 0) {
    const ways = host.forwards === 1 ? 'one traced way' : `${host.forwards} traced ways`;
    reasons.push({ role: 'router', strength: 'seen', text: `forwarded ${ways}` });
  }
  return reasons;
}

/** Kerberos, LDAP and SMB together are what a Windows domain controller (or Samba as one) has open. */
function domainController(host: HostSeen): Reason[] {
  const open = (port: number) => host.openPorts.some((one) => one.protocol === 'tcp' && one.port === port);
  if (!open(88) || !open(389) || !open(445)) return [];
  return [{ role: 'domain-controller', strength: 'likely', text: 'has Kerberos (88), LDAP (389) and SMB (445) open' }];
}

function ruled(rule: RoleRule, host: HostSeen): Reason[] {
  const { role } = rule;
  const reasons: Reason[] = [];
  for (const service of host.services) {
    const place = `${service.protocol}/${service.port}`;
    if (rule.services?.includes(service.service)) {
      const guessed = service.method === 'port-number';
      const text = guessed ? `${place} is the port of ${service.service}` : `speaks ${service.service} on ${place}`;
      reasons.push({ role, strength: guessed ? 'guess' : 'seen', text });
    }
    const told = [service.vendor, service.product, service.info].filter((part) => part !== undefined).join(' ');
    if (rule.words?.test(told)) reasons.push({ role, strength: 'likely', text: `${place} tells "${told.trim()}"` });
  }
  const identified = new Set(host.services.map((service) => `${service.protocol}/${service.port}`));
  for (const { protocol, port } of host.openPorts) {
    const place = `${protocol}/${port}`;
    if (!rule.ports?.includes(place) || identified.has(place)) continue;
    reasons.push({ role, strength: 'guess', text: `${place} is open` });
  }
  if (host.os !== null && rule.words?.test(host.os))
    reasons.push({ role, strength: 'likely', text: `runs ${host.os}` });
  if (host.macVendor !== null && rule.makers?.test(host.macVendor))
    reasons.push({ role, strength: 'guess', text: `its interface was made by ${host.macVendor}` });
  return reasons;
}

/** Server or workstation, by the operating system and by what a general system serves. */
function systemRoles(host: HostSeen, reasons: readonly Reason[]): Reason[] {
  if (host.os === null) return [];
  const text = `runs ${host.os}`;
  if (serverSystems.test(host.os)) return [{ role: 'server', strength: 'likely', text }];
  if (workstationSystems.test(host.os)) return [{ role: 'workstation', strength: 'likely', text }];
  const serves = reasons.find((reason) => servingRoles.has(reason.role) && reason.strength !== 'guess');
  if (!generalSystems.test(host.os) || !serves) return [];
  return [{ role: 'server', strength: 'likely', text: `${text} and ${serves.text}` }];
}

/** Strongest and most important first, each clause once, bounded. */
function gather(reasons: readonly Reason[]): readonly RoleEvidence[] {
  const byRole = Map.groupBy(reasons, (reason) => reason.role);
  return roleNames.flatMap((role) => {
    const own = byRole.get(role);
    if (!own) return [];
    const sorted = own.toSorted(
      (a, b) => strengths.indexOf(a.strength) - strengths.indexOf(b.strength) || (a.text < b.text ? -1 : 1),
    );
    const evidence = [...new Set(sorted.map((reason) => bounded(reason.text)))].slice(0, 6);
    return [{ role, strength: sorted[0]?.strength ?? 'guess', evidence }];
  });
}

function bounded(text: string): string {
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
