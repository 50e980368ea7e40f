import type { PortStatus } from '../local/console-status.ts';

/** A LAN port with which nothing is wrong. */
export const lan: PortStatus = {
  port: 'lan',
  device: 'eth0',
  up: true,
  carrier: true,
  mac: null,
  addresses: ['10.0.0.5/24'],
  gateway: '10.0.0.1',
};
