import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ClientEvent, dhclient6Event, udhcpcEvent } from '../client-event.ts';
import { hookRecords } from '../hook-record.ts';
import type { ClientPlan } from '../network-plan.ts';
import { runIn, type Spaces } from './spaces.ts';
import { toolEnvironment } from './tool.ts';

/** A running DHCP client. It dies with this process, however this process ends. */
export interface ClientProcess {
  /** Asks for a renewal at once. */
  renew(): void;
  /** Ends it. With `release` it gives the lease back first, which needs the address still on the interface. */
  stop(release: boolean): Promise<void>;
}

export interface ClientListener {
  readonly onEvent: (event: ClientEvent) => void;
  readonly onExit: () => void;
}

export interface ClientStart {
  readonly client: ClientPlan;
  readonly spaces: Spaces;
  /** Ask for this address again. */
  readonly wanted: string | null;
  readonly hostname: string;
  /** Folder for a client's own files. */
  readonly folder: string;
  readonly now: () => string;
}

const hook = fileURLToPath(new URL('./dhcp-hook.sh', import.meta.url));
/** Time for a release to go out, milliseconds. */
const releaseMs = 1500;

/** Starts a DHCP client that only asks and tells: it changes no address and no route. */
export function startClient(start: ClientStart, listener: ClientListener): ClientProcess {
  const { client, spaces } = start;
  const isV4 = client.kind === 'dhcp4';
  const inside = runIn(spaces, client.space, isV4 ? udhcpc(start) : dhclient6(start));
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...inside], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: toolEnvironment,
  });
  const decode = isV4 ? udhcpcEvent : dhclient6Event;
  const take = hookRecords((record) => {
    const event = decode(record, start.now());
    if (event !== null) listener.onEvent(event);
  });
  child.stdout.on('data', take);
  child.stderr.on('data', (chunk: Buffer) => {
    // The one thing that udhcpc tells only so (RFC 2131 section 4.4.1).
    if (/declining/.test(chunk.toString('latin1')))
      listener.onEvent({ kind: 'refused', message: 'another machine has the address that DHCP gave; it was declined' });
  });
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  let stopping = false;
  void gone.then(() => {
    if (!stopping) listener.onExit();
  });
  return {
    renew: () => void child.kill('SIGUSR1'),
    stop: async (release) => {
      stopping = true;
      child.stdout.off('data', take);
      child.kill(release ? 'SIGTERM' : 'SIGKILL');
      const timer = setTimeout(() => child.kill('SIGKILL'), releaseMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

/**
 * Options of udhcpc: foreground, release at SIGTERM, address checked by ARP before use, three questions two seconds apart, then a rest of ten seconds. Asked
 * for: 1, 3, 6, 12, 15, 42, 44, 46, 119, 121.
 */
function udhcpc({ client, wanted, hostname }: ClientStart): string[] {
  const asked = ['subnet', 'router', 'dns', 'hostname', 'domain', 'ntpsrv', 'wins', '46', 'search', 'staticroutes'];
  const patience = '-f -R -o -t 3 -T 2 -A 10 -a500'.split(' ');
  const named = asked.flatMap((option) => ['-O', option]);
  const again = wanted === null ? [] : ['-r', wanted];
  return ['udhcpc', '-i', client.device, ...patience, '-s', hook, ...named, '-x', `hostname:${hostname}`, ...again];
}

function dhclient6({ client, folder }: ClientStart): string[] {
  const file = (ending: string) => join(folder, `${client.key}.${ending}`);
  const kind = client.kind === 'dhcp6-facts' ? ['-S'] : [];
  const files = ['-cf', '/dev/null', '-lf', file('leases6'), '-pf', file('pid6')];
  return ['dhclient', '-6', '-d', ...kind, ...files, '-sf', hook, client.device];
}
