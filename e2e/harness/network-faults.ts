import type { Attempt } from '../../packages/appliance/src/console/errors/attempt.ts';
import type { ConsoleSettings } from '../../packages/appliance/src/local/console-settings.ts';
import { type ErrorGround, goodNetwork } from './error-ground.ts';

/** How a fault comes about and goes. */
export interface Made {
  /** Makes the fault and lets the appliance attempt to connect. */
  readonly make: (ground: ErrorGround) => Promise<void>;
  /** Takes the fault away; without it the good settings are all that is needed. */
  readonly mend?: (ground: ErrorGround) => Promise<void>;
  /** It is mended outside of the appliance, whose settings stay: it must come back by itself. */
  readonly byItself?: boolean;
}

export const change = (attempt: Attempt, settings: Partial<ConsoleSettings>): Made => ({
  make: (ground) => ground.visitor.change(attempt, settings),
});
export const lan = (settings: object): Partial<ConsoleSettings> => ({
  lan: { ...goodNetwork.lan, wins: [], dns: ['10.11.0.1'], ...settings },
});
export const wan = (settings: object): Partial<ConsoleSettings> => ({
  wan: { ...goodNetwork.wan, dns: ['10.22.0.1'], ...settings },
});
export const connect = (attempt: Attempt) => (ground: ErrorGround) => ground.visitor.ask({ type: 'connect', attempt });

/** A cable that is pulled while the appliance tries again and again. */
export const cable = (device: 'lan0' | 'wan0', attempt: Attempt): Made => ({
  make: async (ground) => {
    await ground.bench.lab.setLink('box', device, 'down');
    await connect(attempt)(ground);
  },
  mend: (ground) => ground.bench.lab.setLink('box', device, 'up'),
  byItself: true,
});

/** A network card that is gone: its interface leaves the appliance's namespace. */
export const card = (device: 'lan0' | 'wan0', space: 'box' | 'mgmt', attempt: Attempt): Made => ({
  make: async (ground) => {
    const { lab } = ground.bench;
    await lab.run(space, ['ip', 'link', 'set', device, 'netns', lab.fullName('drawer')]);
    await connect(attempt)(ground);
  },
  mend: async (ground) => {
    const { lab } = ground.bench;
    await lab.run('drawer', ['ip', 'link', 'set', device, 'netns', lab.fullName('box')]);
  },
  byItself: true,
});

export const leases = {
  lan: 'dhcp-range=10.11.0.100,10.11.0.150,255.255.255.0,5m',
  wan: 'dhcp-range=10.22.0.100,10.22.0.150,255.255.255.0,5m',
};
export const dhcp = (
  attempt: Attempt,
  server: 'lansrv' | 'wansrv',
  lines: readonly string[] | null,
  more: object = {},
): Made => ({
  make: async (ground) => {
    await ground.dhcp(server, lines);
    const port = server === 'lansrv' ? { lan: { method: 'dhcp' } as const } : { wan: { method: 'dhcp' } as const };
    await ground.visitor.change(attempt, { ...port, ...more });
  },
  mend: (ground) => ground.dhcp(server, null),
});

export const proxyOf = (password: string | null): Partial<ConsoleSettings> => ({
  proxy: {
    host: '10.11.0.1',
    port: 3128,
    user: password === null ? null : 'somebody',
    password: password === null ? { is: 'none' } : { is: 'typed', value: password },
  },
});
/** A proxy that does so. Mended, the tunnel opens, with the same settings. */
export const proxy = (mode: string, password: string | null = null): Made => ({
  make: async (ground) => {
    await ground.door('proxy', mode);
    await ground.visitor.change('proxy-enabled', proxyOf(password));
  },
  mend: async (ground) => {
    await ground.door('proxy', 'tunnel');
    await connect('in-force')(ground);
  },
  byItself: true,
});

/** Something in the platform's place that does so. */
export const door = (mode: (ground: ErrorGround) => string, attempt: Attempt = 'in-force'): Made => ({
  make: async (ground) => {
    await ground.door('platform', mode(ground));
    await connect(attempt)(ground);
  },
  mend: (ground) => ground.door('platform', 'pass'),
  byItself: true,
});
export const blocked = (
  server: 'lansrv' | 'wansrv',
  port: number,
  verdict: 'drop' | 'reject with tcp reset',
  act: Made,
): Made => ({
  make: async (ground) => {
    await ground.block(server, port, verdict);
    await act.make(ground);
  },
  mend: (ground) => ground.unblock(server),
  byItself: true,
});

/** The gateway lets nothing through to the platform, and the proxy on it does, until it is disabled. */
export const onlyProxied: Made = {
  make: async (ground) => {
    await ground.block('lansrv', 8443, 'reject with tcp reset', 'forward');
    await ground.visitor.change('proxy-enabled', proxyOf(null));
    await ground.visitor.sees('the way through the proxy', ({ state }) => state === 'awaiting-activation');
    await ground.visitor.change('proxy-disabled', { proxy: null });
  },
  mend: (ground) => ground.unblock('lansrv'),
  byItself: true,
};

const wayToLan = ['10.11.0.0/24', 'via', '10.22.0.2'];
const strayAddress = ['10.11.0.250/24', 'dev', 'p0'];
/** A DHCP server on WAN that leases addresses of LAN's network. */
export const intruder: Made = {
  make: async (ground) => {
    const { lab } = ground.bench;
    await lab.run('wansrv', ['ip', 'route', 'del', ...wayToLan]);
    await lab.run('wansrv', ['ip', 'addr', 'add', ...strayAddress]);
    const lines = ['dhcp-range=10.11.0.200,10.11.0.220,255.255.255.0,5m', 'dhcp-option=option:router,10.11.0.250'];
    await dhcp('wan-dhcp', 'wansrv', lines).make(ground);
  },
  mend: async (ground) => {
    const { lab } = ground.bench;
    await ground.dhcp('wansrv', null);
    await lab.run('wansrv', ['ip', 'addr', 'del', ...strayAddress]);
    await lab.run('wansrv', ['ip', 'route', 'add', ...wayToLan]);
  },
};

/** A router that gives a prefix and says that it is no default router (RFC 4861 section 4.2: a lifetime of 0). */
export const noWayOut = (server: 'lansrv' | 'wansrv', settings: Partial<ConsoleSettings>): Made => ({
  make: async (ground) => {
    const prefix = server === 'lansrv' ? 'fd00:11::/64' : 'fd00:22::/64';
    await ground.router(server, ['AdvDefaultLifetime 0;', `prefix ${prefix} {};`]);
    await ground.visitor.change('ip-mode', { ipMode: 'ipv6-only', ...settings });
  },
  mend: (ground) => ground.router(server, null),
});
