import { fromText } from '../byte-string.ts';
import type { DslAmbient, DslValue } from '../dsl/value.ts';
import { renderText, type TemplateText } from '../template/text.ts';

/** The endpoint that a check runs against. */
export interface Endpoint {
  /** Canonical IP literal. */
  readonly address: string;
  /** Host name for the Host field and SNI; null: the address itself. */
  readonly name: string | null;
  /** 0: the host itself, no port of it. */
  readonly port: number;
  readonly tls: boolean;
  /** All names under which the host is known; absent: `name` alone. */
  readonly names?: readonly string[];
  /** Where below the root the target is, `/app?x=1`; absent: the root. */
  readonly path?: string;
}

/** `name`, `[::1]` or `10.0.0.7`. */
export function hostText(endpoint: Endpoint): string {
  if (endpoint.name !== null) return endpoint.name;
  return endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address;
}

/** Host and port as in a Host field: the scheme's own port is left out. */
export function authority(endpoint: Endpoint): string {
  const usual = endpoint.tls ? 443 : 80;
  return endpoint.port === usual || endpoint.port === 0 ? hostText(endpoint) : `${hostText(endpoint)}:${endpoint.port}`;
}

/** The variables that every template may use, without those of answers. */
export function targetScope(endpoint: Endpoint): Map<string, DslValue> {
  const scheme = endpoint.tls ? 'https' : 'http';
  const root = `${scheme}://${authority(endpoint)}`;
  const values: Record<string, string> = {
    BaseURL: root + (endpoint.path ?? ''),
    RootURL: root,
    Hostname: endpoint.port === 0 ? hostText(endpoint) : `${hostText(endpoint)}:${endpoint.port}`,
    Host: hostText(endpoint),
    Port: String(endpoint.port),
    Path: endpoint.path?.split('?')[0] ?? '/',
    File: '',
    Scheme: scheme,
    FQDN: hostText(endpoint),
    RDN: hostText(endpoint).split('.').slice(-2).join('.'),
    ip: endpoint.address,
    host: hostText(endpoint),
    port: String(endpoint.port),
  };
  const scope = new Map<string, DslValue>(Object.entries(values).map(([name, value]) => [name, fromText(value)]));
  const domain = endpoint.name === null ? null : domainWire(endpoint.name);
  if (domain !== null) scope.set('picket_domain_wire', domain);
  return scope;
}

/** The parent domain of a host name in DNS wire form (RFC 1035 section 3.1); null for a name without one. Ours, not the format's. */
function domainWire(name: string): string | null {
  const labels = name.split('.').filter((label) => label !== '');
  const parent = labels.length > 2 ? labels.slice(1) : labels;
  if (parent.length < 2 || parent.some((label) => label.length > 63)) return null;
  return `${parent.map((label) => String.fromCharCode(label.length) + label).join('')}\0`;
}

/** Adds a template's variables, in order, and `randstr`. A variable that lacks a value stays away. */
export function addVariables(
  scope: Map<string, DslValue>,
  variables: readonly (readonly [string, TemplateText])[],
  ambient: DslAmbient,
): void {
  const word = () =>
    Array.from({ length: 27 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(ambient.random.integer(36))).join(
      '',
    );
  scope.set('randstr', word());
  for (let index = 1; index <= 5; index += 1) scope.set(`randstr_${index}`, word());
  for (const [name, value] of variables) {
    const rendered = renderText(value, scope, ambient);
    if ('text' in rendered) scope.set(name, rendered.text);
  }
}
