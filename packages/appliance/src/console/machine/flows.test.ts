import { describe, expect, it } from 'vitest';
import type { ConsoleSettings } from '../../local/console-settings.ts';
import { ConsoleDriver, factory } from '../testing/console-driver.ts';

/** Positions of options in the setup menu of a factory appliance. */
const setup = (option: number) => `down enter${option > 0 ? ` down*${option}` : ''} enter`;
const stored = { host: 'proxy.corp', port: 8080, user: 'CORP\\bob', password: { is: 'stored' } } as const;
const staticLan: ConsoleSettings['lan'] = {
  method: 'static',
  address: '194.55.176.2',
  prefixLength: 23,
  gateway: '194.55.176.1',
  dns: ['194.55.176.53'],
  wins: ['10.0.0.9'],
  domain: 'corp.example',
};

/** The story of a script, compared with a readable file beside this test. */
async function story(name: string, driver: ConsoleDriver): Promise<void> {
  await expect(`${driver.story.join('\n')}\n`).toMatchFileSnapshot(`./screens-seen/${name}.txt`);
}
const only = (driver: ConsoleDriver) => driver.effects.map(({ effect }) => effect);

describe('boot and resting screens', () => {
  it('show the messages of the boot in their order and end at NAME–IP', async () => {
    const driver = new ConsoleDriver();
    for (const phase of ['welcome', 'starting', 'checking', 'coming-up'] as const) {
      driver.tell({ type: 'boot', phase }, phase);
    }
    driver.status({ state: 'connecting' }).press('left');
    driver.status({ checkingFiles: true }).press('left');
    driver.status({ checkingFiles: false }).press('left');
    driver.status({ state: 'ready' }).press('left');
    await story('boot', driver);
  });

  it('are one for every state of the connection, and DOWN walks from each into SETUP NETWORK', async () => {
    const driver = new ConsoleDriver();
    const error = { code: '01', description: 'LAN DNS failed', eCode: 'E05', message: '', hint: '' };
    const states = [
      ['ready', {}],
      ['awaiting-activation', { activationCode: '1234567890', name: null }],
      ['network-error', { error }],
      ['communication-failure', { error: null, name: 'is_office' }],
      ['connecting', {}],
      ['revoked', {}],
      ['clone-suspected', {}],
      ['no-platform', { name: null, platform: null }],
      ['stopped', {}],
    ] as const;
    for (const [state, change] of states) {
      driver.status({ state, ...change });
      driver.tell({ type: 'tick', at: 0 }, state).press('down');
      expect(driver.screen()).toBe('SETUP NETWORK');
      driver.press('up');
    }
    await story('resting', driver);
  });

  it("NAME–IP shows LAN's address under split network too, and the platform in the lower right corner", () => {
    const driver = new ConsoleDriver({ name: 'fifteen-letters' });
    expect(driver.grid()).toBe('|fifteen-letters  v *|\n|10.20.30.40      PIC|');
  });

  it('an IPv6 address scrolls by', () => {
    const lan = { port: 'lan', device: 'eth0', up: true, carrier: true, mac: null, gateway: null } as const;
    const driver = new ConsoleDriver({ ports: [{ ...lan, addresses: ['2001:db8:aaaa:bbbb::1234/64'] }] });
    const seen = new Set<string>();
    for (let second = 0; second < 20; second += 1) seen.add(driver.wait(1000).grid().split('\n')[1]!.slice(1, 17));
    expect([...seen].some((text) => text.endsWith('::1234'))).toBe(true);
    expect([...seen].some((text) => text.startsWith('2001:'))).toBe(true);
  });

  it('ENTER on the activation screen tries to connect, as an attempt of its own', () => {
    const driver = new ConsoleDriver({ state: 'awaiting-activation', activationCode: '1234567890' }).press('enter');
    expect(only(driver)).toEqual([{ type: 'connect', attempt: 'activation' }]);
    driver.press('down');
    expect(driver.screen()).toBe('SETUP NETWORK');
  });

  it('a lost platform comes back by itself', () => {
    const driver = new ConsoleDriver({ state: 'communication-failure' });
    expect(driver.screen()).toBe('COMMUNICATION FAILURE');
    expect(driver.status({ state: 'ready' }).screen()).toBe('is_office 10.20.30.40      PIC');
  });

  it('a platform lost while a scan runs shows once the scan has ended or is held for want of the platform', () => {
    const running = { kind: 'scan', scanId: 7, state: 'running' };
    for (const after of [[], [{ ...running, state: 'paused' }], [{ ...running, state: 'ending' }]]) {
      const driver = new ConsoleDriver({ state: 'communication-failure', scans: [running] });
      expect(driver.screen()).toBe('is_office 10.20.30.40      PIC');
      expect(driver.status({ scans: after }).screen()).toBe('COMMUNICATION FAILURE');
      expect(driver.status({ state: 'ready' }).screen()).toBe('is_office 10.20.30.40      PIC');
    }
  });

  it('LEDs tell a running scan and an update, and go out at shutdown', async () => {
    const { displayOf } = await import('./display.ts');
    const driver = new ConsoleDriver({ scans: [{ kind: 'scan', scanId: 7, state: 'running' }], updating: true });
    expect(displayOf(driver.state).leds).toEqual({ s1: true, s2: true, s3: false });
    driver.press('enter down enter enter');
    expect(driver.screen()).toBe('SHUTTING DOWN...');
    expect(displayOf(driver.state).leds).toEqual({ s1: false, s2: false, s3: false });
  });
});

describe('the menus', () => {
  it('open at SETUP NETWORK and can be walked through with five keys', async () => {
    await story('main-menu', new ConsoleDriver().press('enter down down down down up up up up up'));
    await story('setup-menu', new ConsoleDriver().press(`enter enter ${'down '.repeat(8)}enter`));
    await story(
      'wan-menu',
      new ConsoleDriver({}, { wan: { method: 'dhcp' } }).press('enter enter down*3 enter down down down enter'),
    );
  });

  it.each<[string, Partial<ConsoleSettings>, string[]]>([
    [
      'factory state',
      {},
      [
        'ENABLE DHCP ON LAN',
        'ENABLE VLAN ON LAN',
        'ENABLE STATIC IP ON LAN',
        'ENABLE WAN INTERFACE',
        'ENABLE PROXY',
        'ENABLE IPV6-ONLY MODE',
        'ETHERNET PORT SETTINGS',
        'RESET NETWORK CONFIG',
        'EXIT THIS MENU',
      ],
    ],
    [
      'DHCP chosen',
      { chosen: { dhcp: true, vlan: false } },
      [
        'RENEW DHCP ON LAN',
        'ENABLE STATIC IP ON LAN',
        'ENABLE WAN INTERFACE',
        'ENABLE PROXY',
        'ENABLE IPV6-ONLY MODE',
        'ETHERNET PORT SETTINGS',
        'RESET NETWORK CONFIG',
        'EXIT THIS MENU',
      ],
    ],
    [
      'VLAN chosen',
      { lanVlan: 5, chosen: { dhcp: false, vlan: true } },
      [
        'CHANGE VLAN ON LAN',
        'ENABLE STATIC IP ON LAN',
        'ENABLE WAN INTERFACE',
        'ENABLE PROXY',
        'ENABLE IPV6-ONLY MODE',
        'ETHERNET PORT SETTINGS',
        'RESET NETWORK CONFIG',
        'EXIT THIS MENU',
      ],
    ],
    [
      'all configured',
      { lan: staticLan, wan: { method: 'dhcp' }, proxy: stored, ipMode: 'ipv6-only' },
      [
        'ENABLE DHCP ON LAN',
        'ENABLE VLAN ON LAN',
        'CHANGE STATIC IP ON LAN',
        'CHANGE WAN INTERFACE',
        'CHANGE PROXY PARAMS',
        'DISABLE PROXY',
        'ENABLE IPV4+V6 MODE',
        'ETHERNET PORT SETTINGS',
        'RESET NETWORK CONFIG',
        'EXIT THIS MENU',
      ],
    ],
  ])('SETUP NETWORK has the labels of the state: %s', (_, settings, labels) => {
    const driver = new ConsoleDriver({}, settings).press('enter enter');
    const seen = [driver.screen()];
    while (driver.screen() !== 'EXIT THIS MENU') seen.push(driver.press('down').screen());
    expect(seen).toEqual(labels);
  });

  it('show the settings in force with RIGHT on a virtual appliance, and LEFT returns', async () => {
    const driver = new ConsoleDriver({}, { proxy: stored }).press(
      'enter right down down down down down down down down left',
    );
    await story('settings-view', driver);
    expect(new ConsoleDriver({ kind: 'physical' }).press('enter right').screen()).toBe('SETUP NETWORK');
  });

  it('close after ten minutes in which nobody touched them', () => {
    const driver = new ConsoleDriver().press('enter enter').wait(599_000);
    expect(driver.screen()).toBe('ENABLE DHCP ON LAN');
    expect(driver.wait(2000).screen()).toContain('is_office');
  });
});

describe('the flows of SETUP NETWORK', () => {
  it('DHCP on LAN: prompt, apply, connect, outcome', async () => {
    const driver = new ConsoleDriver().press(setup(0)).press('enter');
    driver.status({ state: 'connecting', attempt: 'lan-dhcp' }).tell({ type: 'answer', refused: null }, 'applied');
    const error = { code: '09', description: 'LAN DNS failed', eCode: 'E05', message: '', hint: '' };
    driver.status({ state: 'network-error', error }).press('left');
    await story('lan-dhcp', driver);
    expect(only(driver)).toEqual([
      { type: 'apply', attempt: 'lan-dhcp', settings: { ...factory, chosen: { dhcp: true, vlan: false } } },
    ]);
  });

  it('VLAN on LAN keeps what LAN was, and 0000 takes the tag away', async () => {
    const driver = new ConsoleDriver().press(setup(1)).press('right*2 up right up*2 enter enter');
    await story('vlan', driver);
    expect(only(driver)).toMatchObject([
      { type: 'apply', attempt: 'vlan', settings: { lanVlan: 12, chosen: { vlan: true } } },
    ]);
    const off = new ConsoleDriver({}, { lan: staticLan, lanVlan: 12, chosen: { dhcp: false, vlan: true } });
    off.press('enter enter enter').press('right*2 down right down*2 enter');
    expect(off.screen()).toBe('REALLY DISABLE VLAN ON LAN?');
    off.press('enter');
    expect(only(off)).toMatchObject([
      { settings: { lan: staticLan, lanVlan: 0, chosen: { dhcp: false, vlan: false } } },
    ]);
  });

  it('static LAN by five keys: all fields, in their order', async () => {
    const driver = new ConsoleDriver().press(setup(2)).press('enter');
    driver.press('up right up*2 enter').press('down enter').type('10.2.0.1').press('enter').type('010002000053');
    driver.press('enter enter').type('10.2.0.9').press('enter enter').type('corp').press('enter enter');
    await story('lan-static', driver);
    expect(only(driver)).toEqual([
      {
        type: 'apply',
        attempt: 'lan-static',
        settings: {
          ...factory,
          lan: {
            method: 'static',
            address: '120.0.0.0',
            prefixLength: 23,
            gateway: '10.2.0.1',
            dns: ['10.2.0.53'],
            wins: ['10.2.0.9'],
            domain: 'corp',
          },
        },
      },
    ]);
  });

  it('static LAN again: ENTER keeps every value in force', async () => {
    const driver = new ConsoleDriver({}, { lan: staticLan, chosen: { dhcp: true, vlan: false } });
    driver.press('enter enter down enter enter').press('enter enter enter enter enter enter enter enter enter');
    await story('lan-static-again', driver);
    expect(only(driver)).toMatchObject([{ settings: { lan: staticLan, chosen: { dhcp: false } } }]);
  });

  it('static LAN in IPv6-only mode has IPv6 fields and a prefix length', async () => {
    const driver = new ConsoleDriver({}, { ipMode: 'ipv6-only' }).press(setup(2)).press('enter');
    driver.type('2001:0db8::0005').press('enter enter').type('fe80::1').press('enter').type('2001:db8::53');
    driver.press('enter enter enter enter enter enter');
    await story('lan-static-ipv6', driver);
    expect(only(driver)).toMatchObject([
      {
        settings: {
          lan: {
            address: '2001:db8::5',
            prefixLength: 64,
            gateway: 'fe80::1',
            dns: ['2001:db8::53'],
            wins: [],
            domain: null,
          },
        },
      },
    ]);
  });

  it('WAN by DHCP and static, and off again', async () => {
    const dhcp = new ConsoleDriver().press(setup(3)).press('enter enter');
    await story('wan-dhcp', dhcp);
    expect(only(dhcp)).toMatchObject([{ attempt: 'wan-dhcp', settings: { wan: { method: 'dhcp' } } }]);
    const fixed = new ConsoleDriver().press(setup(3)).press('down enter enter');
    fixed.type('192.168.7.5').press('enter enter').type('192.168.7.1').press('enter').type('192.168.7.53');
    fixed.press('enter enter enter');
    await story('wan-static', fixed);
    expect(only(fixed)).toMatchObject([
      { attempt: 'wan-static', settings: { wan: { method: 'static', address: '192.168.7.5' } } },
    ]);
    const off = new ConsoleDriver({}, { wan: { method: 'dhcp' } }).press('enter enter down*3 enter down*2 enter enter');
    expect(only(off)).toMatchObject([{ attempt: 'wan-disabled', settings: { wan: null } }]);
  });

  it.each(['10.20.30.7', '10.20.30.255'])('static WAN %s in the subnet of LAN is refused at the prompt', (address) => {
    const driver = new ConsoleDriver()
      .press(setup(3))
      .press('down enter enter')
      .type(address)
      .press('enter enter enter');
    driver.type('10.20.30.53').press('enter enter enter');
    expect([driver.screen(), only(driver)]).toEqual(['SAME SUBNET AS LAN', []]);
    expect(driver.press('enter').screen()).toBe('ENABLE STATIC IP ON WAN');
  });

  it('proxy: enable, with the gateway as first host', async () => {
    const driver = new ConsoleDriver().press(setup(4)).press('enter');
    driver.press('clear').type('proxy.corp.example').press('enter').type('8080').press('enter').type('CORP\\bob');
    driver.press('enter').type('pa ss').press('enter enter');
    await story('proxy-enable', driver);
    expect(only(driver)).toEqual([
      {
        type: 'apply',
        attempt: 'proxy-enabled',
        settings: {
          ...factory,
          proxy: {
            host: 'proxy.corp.example',
            port: 8080,
            user: 'CORP\\bob',
            password: { is: 'typed', value: 'pa ss' },
          },
        },
      },
    ]);
  });

  it('proxy: change keeps the stored password on ENTER and never shows it; disable', async () => {
    const change = new ConsoleDriver({}, { proxy: stored })
      .press(setup(4))
      .press('enter enter enter enter enter enter');
    await story('proxy-change', change);
    expect(only(change)).toMatchObject([{ settings: { proxy: stored } }]);
    const off = new ConsoleDriver({}, { proxy: stored }).press(setup(5)).press('enter');
    await story('proxy-disable', off);
    expect(only(off)).toMatchObject([{ attempt: 'proxy-disabled', settings: { proxy: null } }]);
  });

  it('proxy: blank user and password are no authentication', () => {
    const driver = new ConsoleDriver({}, { proxy: stored })
      .press(setup(4))
      .press('enter enter enter clear enter clear enter enter');
    expect(only(driver)).toMatchObject([{ settings: { proxy: { user: null, password: { is: 'none' } } } }]);
  });

  it('IPv6-only mode and back', async () => {
    const on = new ConsoleDriver({}, { lan: staticLan, wan: { method: 'dhcp' } }).press(setup(5)).press('enter');
    await story('ipv6-only', on);
    expect(only(on)).toMatchObject([
      { attempt: 'ip-mode', settings: { ipMode: 'ipv6-only', lan: { method: 'dhcp' } } },
    ]);
    const off = new ConsoleDriver({}, { ipMode: 'ipv6-only' }).press(setup(5)).press('enter');
    expect(only(off)).toMatchObject([{ settings: { ipMode: 'ipv4-and-ipv6' } }]);
  });

  it('Ethernet port settings: RIGHT and LEFT turn, it takes effect at once, WAN under split network', async () => {
    const lan = new ConsoleDriver().press(setup(6)).press('right right right left enter enter');
    await story('port-link', lan);
    expect(only(lan)).toEqual([{ type: 'set-link', port: 'lan', mode: '100-full' }]);
    expect(lan.screen()).toBe('SETUP NETWORK');
    const wan = new ConsoleDriver({}, { wan: { method: 'dhcp' } }).press(setup(6)).press('down left enter enter');
    await story('port-link-wan', wan);
    expect(only(wan)).toEqual([{ type: 'set-link', port: 'wan', mode: '10-half' }]);
  });

  it('reset: prompt, reset, connect', async () => {
    const driver = new ConsoleDriver().press(setup(7)).press('enter');
    driver.status({ state: 'connecting' }).tell({ type: 'answer', refused: null }, 'done').status({ state: 'ready' });
    await story('reset', driver.press('left'));
    expect(only(driver)).toEqual([{ type: 'reset' }]);
  });

  it('a change while a scan runs cancels it, says so, and goes on when it has ended', async () => {
    const scans = [{ kind: 'scan', scanId: 7, state: 'running' }];
    const driver = new ConsoleDriver({ scans }).press(setup(0)).press('enter');
    driver.status({ scans: [] }).press('left');
    driver.status({ state: 'connecting' }).tell({ type: 'answer', refused: null }, 'applied');
    await story('canceling', driver.status({ state: 'ready' }).press('left'));
    expect(only(driver).map(({ type }) => type)).toEqual(['cancel-scan', 'apply']);
  });

  it('are refused where nothing can be changed, and say why', () => {
    const driver = new ConsoleDriver();
    driver.tell({ type: 'network', settings: null, readOnly: 'No network helper.' }).press(setup(0));
    expect([driver.screen(), driver.effects]).toEqual(['READ-ONLY HERE', []]);
    expect(driver.press('down').screen()).toBe('ENABLE DHCP ON LAN');
  });

  it('show a refusal of the daemon and go back', () => {
    const driver = new ConsoleDriver().press(setup(0)).press('enter').tell({ type: 'answer', refused: 'disk is full' });
    expect(driver.screen()).toBe('REFUSED');
    expect(driver.press('enter').screen()).toContain('is_office');
  });
});

describe('UP on a prompt quits with nothing changed', () => {
  it.each([
    ['REALLY ENABLE DHCP ON LAN?', setup(0), 1],
    ['REALLY SET VLAN 5 ON LAN?', `${setup(1)} right*3 up*5 enter`, 1],
    ['CFG LAN STATIC NETWORK PARAMS?', setup(2), 1],
    ['REALLY SET LAN STATIC NETWORK?', `${setup(2)} enter enter enter enter enter enter enter enter enter`, 1],
    ['REALLY ENABLE DHCP ON WAN?', `${setup(3)} enter`, 2],
    ['CFG WAN STATIC NETWORK PARAMS?', `${setup(3)} down enter`, 1],
    ['REALLY SET WAN STATIC NETWORK?', `${setup(3)} down enter enter enter enter enter enter enter`, 1],
    ['CONFIG PROXY PARAMETERS', setup(4), 2],
    ['REALLY ENABLE PROXY?', `${setup(4)} enter enter enter enter enter`, 2],
    ['REALLY ENABLE IPV6-ONLY MODE?', setup(5), 1],
    ['LAN PORT LINK AUTO', setup(6), 2],
    ['REALLY SET LAN TO 1GbaseT/Full', `${setup(6)} right enter`, 2],
    ['REALLY RESET NETWORK CONFIG?', setup(7), 1],
  ])('%s', (prompt, keys, ups) => {
    const driver = new ConsoleDriver().press(keys);
    expect(driver.screen()).toBe(prompt);
    if (ups === 2) {
      const option = driver.press('up').screen();
      expect(option).toMatch(/^(ENABLE|ETHERNET)/);
    }
    expect(driver.press('up').screen()).toBe('SETUP NETWORK');
    expect(driver.effects).toEqual([]);
  });

  it('REALLY DISABLE PROXY? with two', () => {
    const driver = new ConsoleDriver({}, { proxy: stored }).press(setup(5)).press('up');
    expect(driver.screen()).toBe('DISABLE PROXY');
    expect(driver.press('up').screen()).toBe('SETUP NETWORK');
  });

  it.each(['SYSTEM SHUTDOWN', 'SYSTEM REBOOT'])('%s: back to its option', (label) => {
    const driver = new ConsoleDriver().press(label === 'SYSTEM SHUTDOWN' ? 'enter down enter' : 'enter down*2 enter');
    expect(driver.screen()).toMatch(/^REALLY/);
    expect([driver.press('up').screen(), driver.effects]).toEqual([label, []]);
  });
});

describe('shutdown, reboot and enrolment', () => {
  it('shutdown and reboot ask first', async () => {
    const down = new ConsoleDriver().press('enter down enter enter').tell({ type: 'gone' }, 'service has ended');
    await story('shutdown', down);
    const again = new ConsoleDriver()
      .press('enter down*2 enter enter')
      .tell({ type: 'gone' })
      .tell({ type: 'boot', phase: 'welcome' }, 'boot');
    await story('reboot', again.status({ state: 'connecting' }).press('left'));
    expect([...only(down), ...only(again)]).toEqual([{ type: 'shutdown' }, { type: 'reboot' }]);
  });

  it('a virtual appliance takes a personalization code', async () => {
    const driver = new ConsoleDriver({ state: 'awaiting-activation', name: null, activationCode: '12345678' });
    driver.press('down down*3 enter').type('12345678901234').press('enter enter');
    await story('personalization-code', driver);
    expect(only(driver)).toEqual([{ type: 'personalize', code: '12345678901234' }]);
  });

  it('a platform is believed only after its fingerprint was shown and confirmed', async () => {
    const driver = new ConsoleDriver({ state: 'no-platform', name: null, platform: null });
    driver.press('enter').type('picket.example').press('enter').type('8443').press('enter enter');
    expect(only(driver)).toEqual([{ type: 'find-platform', host: 'picket.example', port: 8443 }]);
    const fingerprint = '0123456789abcdef'.repeat(2) + 'fedcba9876543210'.repeat(2);
    const enrolment = `https://picket.example:8443#ca=sha256:${fingerprint}`;
    driver.tell({ type: 'platform', enrolment, fingerprint }, 'found').press('down enter enter');
    await story('platform-address', driver);
    expect(only(driver).at(-1)).toEqual({ type: 'enrol', enrolment });
  });

  it('the network doctor shows the step that fails with its code', async () => {
    const driver = new ConsoleDriver().press('enter down*3 enter');
    const done = (part: 'link' | 'address' | 'gateway', detail: string) => ({ part, outcome: 'ok', detail }) as const;
    driver.status({
      doctor: {
        steps: [
          done('link', 'eth0 is up'),
          done('address', '10.20.30.40/24'),
          done('gateway', '10.20.30.1'),
          { part: 'dns', outcome: 'failed', detail: 'picket.example: no such name' },
          { part: 'proxy', outcome: 'not-used', detail: '' },
          { part: 'platform', outcome: 'not-tested', detail: '' },
        ],
        error: { code: '01', description: 'LAN DNS failed', eCode: 'E05', remedy: 'Check the servers.' },
        endedAt: '2026-11-29T00:00:00.000Z',
      },
    });
    await story('doctor', driver.press('up down down down left'));
    expect(only(driver)).toEqual([{ type: 'examine' }]);
  });
});
