import { ownValue } from '@picket/base/own-value';
import { osName } from '@picket/contracts/software-name';
import type { OsClaim, OsSource } from './claim.ts';
import { agentSystem } from './enterprise-numbers.ts';
import type { SeenService } from './evidence.ts';
import { openSshRelease, packageRelease } from './package-release.ts';
import { softwarePlatform } from './software-platforms.ts';
import { osCpe, pathOfName } from './systems.ts';
import { iisKernels, kernelOfBuild, kernelOfProduct } from './windows-releases.ts';

/** Everything that one service gives away of the system below it. Pure and total; the same fact may be claimed twice. */
export function serviceClaims(service: SeenService): readonly OsClaim[] {
  if (service.method === 'port-number') return [];
  return [hintClaim, packageClaim, agentClaim, softwareClaim].flatMap((read) => read(service) ?? []);
}

/** What the protocol or a fingerprint says in words. */
function hintClaim(service: SeenService): OsClaim | null {
  const { os } = service;
  if (!os || /^unix$/i.test(os.product)) return null;
  const source = sourceOf(service);
  const text = `${placeOf(service)} says ${osName(os)}`;
  const known = pathOfName(os.vendor ?? '', os.product);
  if (!known) {
    const slug = `${os.vendor ?? ''} ${os.product}`.trim().toLowerCase();
    const { vendor, product, version, cpe } = os;
    const name = { product, ...given({ vendor, version, cpe }) };
    return { source, path: [slug], confidence: weights[source] * 0.9, text, name };
  }
  const confidence = weights[source];
  if (known[0] === 'windows') return windowsClaim(service, { source, confidence, text, path: known });
  if (known.length === 1 && known[0] === 'linux') {
    return { source, path: known, confidence, text, ...(os.version === undefined ? {} : { kernel: os.version }) };
  }
  const path = os.version === undefined ? known : [...known, os.version];
  return { source, path: refined(service, path), confidence, text };
}

function refined(service: SeenService, path: readonly string[]): readonly string[] {
  return service.product === 'OpenSSH' ? openSshRelease(path, service.version ?? '') : path;
}

/** `10.0.20348` gives kernel and build; IIS gives the kernel that it came with. */
function windowsClaim(service: SeenService, claim: OsClaim): OsClaim {
  const version = /^([0-9]{1,2}\.[0-9])(?:\.([0-9]{3,6}))?$/.exec(service.os?.version ?? '');
  if (version) {
    const [, kernel = '', build] = version;
    const text = `${claim.text}${build === undefined ? '' : ` (build ${build})`}`;
    const path = build === undefined ? ['windows', kernel] : ['windows', kernelOfBuild(build, kernel), build];
    return { ...claim, text, path };
  }
  const ofIis = /IIS/.test(service.product ?? '') ? ownValue(iisKernels, service.version ?? '') : undefined;
  const kernel = ofIis ?? kernelOfProduct(service.os?.product ?? '');
  return kernel === null ? claim : { ...claim, path: ['windows', kernel] };
}

/** The mark of a distribution in a version or in the first lines of an answer, where software writes and not its users. */
function packageClaim(service: SeenService): OsClaim | null {
  const words = [service.version ?? '', bannerOf(service), packageNote(service)].join('\n');
  const found = packageRelease(words);
  if (!found) return null;
  const text = `${placeOf(service)} runs a package marked "${found.token.trim()}"`;
  return { source: 'package', path: found.path, confidence: found.confidence, text };
}

/** Header lines of HTTP, the first line of anything else: bodies quote anything. */
function bannerOf(service: SeenService): string {
  const excerpt = service.evidence?.excerpt ?? '';
  if (!excerpt.startsWith('HTTP/')) return (excerpt.split(/\\n|\n/, 1)[0] ?? '').slice(0, 256);
  const head = excerpt.split(/\\r\\n\\r\\n|\r?\n\r?\n/, 1)[0] ?? '';
  return head
    .split(/\\r\\n|\r?\n/)
    .filter((line) => /^(?:server|x-powered-by|via):/i.test(line))
    .join('\n')
    .slice(0, 1024);
}

/** Fingerprints keep the package version of a banner as a remark. */
function packageNote(service: SeenService): string {
  return /(?:^|; )package ([^;]{1,100})/.exec(service.info ?? '')?.[1] ?? '';
}

/** The enterprise number of an SNMP agent. */
function agentClaim(service: SeenService): OsClaim | null {
  const objectId = agentId(service);
  const agent = objectId === null ? null : agentSystem(objectId);
  if (!agent?.path) return null;
  const text = `${placeOf(service)} has the agent of ${agent.vendor} (${objectId})`;
  const maker =
    agent.path.length === 1 && agent.path[0] === 'cisco'
      ? { name: { vendor: 'Cisco', product: 'IOS', cpe: osCpe('cisco:ios', undefined) } }
      : {};
  return { source: 'snmp', path: agent.path, confidence: agent.confidence, text, ...maker };
}

/** sysObjectID as the SNMP probe tells it, or null. */
export function agentId(service: SeenService): string | null {
  if (service.service !== 'snmp') return null;
  return /\bobject id ([0-9]+(?:\.[0-9]+){6,24})\b/.exec(service.info ?? '')?.[1] ?? null;
}

/** Software that exists for one system only. */
function softwareClaim(service: SeenService): OsClaim | null {
  const platform = softwarePlatform(service.vendor ?? '', service.product ?? '');
  if (!platform) return null;
  const name = [service.product ?? service.service, service.version].filter(Boolean).join(' ');
  const text = `${placeOf(service)} is ${name}, which ${platform.why}`;
  const { path, confidence } = platform;
  return { source: sourceOf(service) === 'http' ? 'http' : 'software', path, confidence, text };
}

/** How far a hint of this source is to be believed. */
const weights: Readonly<Record<OsSource, number>> = {
  smb: 0.95,
  ntlm: 0.95,
  snmp: 0.95,
  ssh: 0.9,
  package: 0.95,
  protocol: 0.85,
  software: 0.8,
  http: 0.8,
  names: 0.7,
  stack: 0.6,
  mac: 0.3,
};

function sourceOf(service: SeenService): OsSource {
  const name = service.service;
  if (name === 'ssh') return 'ssh';
  if (name === 'microsoft-ds' || name === 'netbios-ssn') return 'smb';
  const build = /^[0-9]+\.[0-9]+\.[0-9]+$/.test(service.os?.version ?? '');
  if (name === 'ms-wbt-server' || (build && /\bWindows login\b/.test(service.info ?? ''))) return 'ntlm';
  if (name === 'snmp') return 'snmp';
  if (name === 'mdns' || name === 'ssdp' || name === 'netbios-ns' || name === 'upnp') return 'names';
  return name.startsWith('http') || name === 'ipp' ? 'http' : 'protocol';
}

/** A record without the fields that are not there. */
function given(fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const told = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(told);
}

function placeOf(service: SeenService): string {
  return `${service.service} on ${service.port}/${service.protocol}`;
}
