import { describe, expect, it } from 'vitest';
import type { TruthService } from '../../../lab/truth.ts';
import { judgeService, type Said } from './verdict.ts';

const truth: TruthService = {
  port: 22,
  transport: 'tcp',
  service: 'ssh',
  tls: false,
  product: 'OpenSSH',
  package: 'openssh-server',
  tells: ['name', 'product', 'version'],
  families: ['ipv4'],
  weaknesses: [],
  beyondChecks: [],
  resists: [],
};
const said: Said = { name: 'ssh', product: 'OpenSSH', version: '9.2p1', guessed: false, tls: false };

describe('the judgement of a service', () => {
  it('takes what is right for right, with more behind the version too', () => {
    const right = { name: 'right', product: 'right', version: 'right' };
    expect(judgeService(truth, '9.2p1', said)).toEqual(right);
    expect(judgeService(truth, '9.2p1', { ...said, version: '9.2p1 Debian 2+deb12u7' })).toEqual(right);
  });

  it('knows another version and another product as wrong', () => {
    expect(judgeService(truth, '9.2p1', { ...said, version: '9.2', product: 'SSH Tectia' })).toEqual({
      name: 'right',
      product: 'wrong',
      version: 'wrong',
    });
    expect(judgeService(truth, '9.21', { ...said, version: '9.2' }).version).toBe('wrong');
  });

  it('counts as missing what was told and not said', () => {
    expect(judgeService(truth, '9.2p1', undefined)).toEqual({
      name: 'missing',
      product: 'missing',
      version: 'missing',
    });
    expect(judgeService(truth, '9.2p1', { ...said, name: 'unknown', product: null, version: null }).name).toBe(
      'missing',
    );
  });

  it('does not ask for what the service keeps back, but sees whether a claim about it is right', () => {
    const quiet: TruthService = { ...truth, tells: ['name', 'product'] };
    expect(judgeService(quiet, '9.2p1', { ...said, version: null }).version).toBe('unsaid');
    expect(judgeService(quiet, '9.2p1', { ...said, version: '4.6.2' }).version).toBe('wrong');
    expect(judgeService(quiet, '9.2p1', said).version).toBe('right');
  });

  it('judges in favour of a scanner that says things in its own way', () => {
    const mqtt: TruthService = { ...truth, service: 'mqtt', product: 'Mosquitto' };
    const named = { ...said, name: 'mosquitto version 2.0.11', product: null, version: null };
    expect(judgeService(mqtt, '2.0.11', named)).toEqual({ name: 'right', product: 'right', version: 'right' });
    const vnc: TruthService = { ...truth, service: 'rfb', product: 'TigerVNC', tells: ['name'] };
    expect(judgeService(vnc, '1.12.0', { ...said, name: 'vnc', product: 'VNC', version: null }).product).toBe('unsaid');
    const rpc: TruthService = { ...truth, service: 'sunrpc', product: 'rpcbind', tells: ['name', 'product'] };
    expect(judgeService(rpc, '1.2.6', { ...said, name: 'rpcbind', product: null, version: '2-4' }).version).toBe(
      'unsaid',
    );
    const sql: TruthService = { ...truth, service: 'mysql', product: 'MariaDB' };
    const old = { ...said, name: 'mysql', product: 'MySQL', version: '5.5.5-10.11.6-MariaDB' };
    expect(judgeService(sql, '10.11.6', old)).toEqual({ name: 'right', product: 'missing', version: 'right' });
    expect(judgeService(truth, '15', { ...said, version: '9.6.0 or later' }).version).toBe('right');
    expect(judgeService(truth, '9.5', { ...said, version: '9.6.0 or later' }).version).toBe('wrong');
  });

  it('takes other names of the same protocol for right', () => {
    expect(judgeService({ ...truth, service: 'rfb' }, undefined, { ...said, name: 'vnc' }).name).toBe('right');
    expect(judgeService(truth, undefined, { ...said, name: 'http' }).name).toBe('wrong');
  });
});
