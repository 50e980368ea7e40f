import type { EngineEvent } from '@picket/contracts/event';
import { describe, expect, it } from 'vitest';
import { foundInBlocks } from './found-in-block.ts';

const time = '2026-11-30T12:00:00.000Z';
const host = (address: string, subject: string): EngineEvent => ({
  type: 'host',
  unit: { phase: 'discovery', subject },
  time,
  address,
  state: 'up',
  reason: 'arp',
});
const port: EngineEvent = {
  type: 'port',
  unit: { phase: 'ports', subject: '10.0.0.1' },
  time,
  address: '10.0.0.1',
  protocol: 'tcp',
  port: 80,
  state: 'open',
  reason: 'syn-ack',
};

describe('foundInBlocks', () => {
  it('puts hosts of a block that was cut into the piece that holds them, and leaves out the excluded ones', () => {
    const whole = '10.0.0.0-10.0.0.15';
    const blocks = ['fd00::1', '10.0.0.6-10.0.0.15', '10.0.0.0-10.0.0.4', '10.0.1.0'];
    const facts = ['10.0.0.0', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.15'].map((address) => host(address, whole));
    const pieces = foundInBlocks([...facts, host('fd00::1', 'fd00::-fd00::f')], blocks);
    expect(pieces.map((event) => `${event.type === 'host' ? event.address : ''} ${event.unit.subject}`)).toEqual([
      '10.0.0.0 10.0.0.0-10.0.0.4',
      '10.0.0.4 10.0.0.0-10.0.0.4',
      '10.0.0.6 10.0.0.6-10.0.0.15',
      '10.0.0.15 10.0.0.6-10.0.0.15',
      'fd00::1 fd00::1',
    ]);
  });

  it('leaves everything else as it is', () => {
    const later = { ...host('10.0.0.1', '10.0.0.1'), unit: { phase: 'ports', subject: '10.0.0.1' } } as const;
    const facts = [host('10.0.1.0', '10.0.1.0'), port, later];
    expect(foundInBlocks(facts, ['10.0.1.0'])).toEqual(facts);
    expect(foundInBlocks([host('10.0.0.1', '10.0.0.0-10.0.0.3')], [])).toEqual([]);
  });
});
