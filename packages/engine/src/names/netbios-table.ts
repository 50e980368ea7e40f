import type { NetbiosName } from './netbios-message.ts';

/** What a NetBIOS name table says of its host. */
export interface NetbiosIdentity {
  readonly workstation: string | null;
  /** Workgroup or domain. */
  readonly domain: string | null;
  readonly fileServer: boolean;
  readonly domainController: boolean;
  readonly masterBrowser: boolean;
}

/** Reads a table by the usual meaning of the sixteenth byte (RFC 1001 leaves it to implementations; MS-BRWS section 2.1.1). */
export function netbiosIdentity(names: readonly NetbiosName[]): NetbiosIdentity {
  const find = (suffix: number, group: boolean) =>
    names.find((each) => each.suffix === suffix && each.group === group)?.name ?? null;
  return {
    workstation: find(0x00, false) ?? find(0x20, false),
    domain: find(0x00, true) ?? find(0x1c, true) ?? find(0x1e, true),
    fileServer: find(0x20, false) !== null,
    domainController: find(0x1c, true) !== null,
    masterBrowser: find(0x1d, false) !== null,
  };
}

/** `workgroup or domain CORP, file server`: one line for people. */
export function describeNetbios(identity: NetbiosIdentity): string {
  return [
    ...(identity.domain === null ? [] : [`workgroup or domain ${identity.domain}`]),
    ...(identity.domainController ? ['domain controller'] : []),
    ...(identity.fileServer ? ['file server'] : []),
    ...(identity.masterBrowser ? ['master browser'] : []),
  ].join(', ');
}
