import { expect, test } from 'vitest';
import { parseListening, portKey } from './listening.ts';

const keys = (output: string) => parseListening(output).map(portKey);

test('a socket bound to any address of one family counts for that family only', () => {
  expect(keys('tcp LISTEN 0 511 0.0.0.0:80 0.0.0.0:*\ntcp LISTEN 0 511 [::]:443 [::]:*\n')).toEqual([
    'tcp/ipv4/80',
    'tcp/ipv6/443',
  ]);
});

test('a dual-stack socket counts for both families, and several sockets of one port count once', () => {
  expect(
    keys('tcp LISTEN 0 32 *:21 *:*\nudp UNCONN 0 0 10.99.0.20:53 0.0.0.0:*\nudp UNCONN 0 0 10.99.0.20:53 0.0.0.0:*'),
  ).toEqual(['tcp/ipv4/21', 'tcp/ipv6/21', 'udp/ipv4/53']);
});

test('sockets that nobody else can reach are left out', () => {
  const output = ['127.0.0.1:953', '[::1]:953', '[fe80::1%eth0]:53', '127.0.0.1%lo:53'].map(
    (at) => `tcp LISTEN 0 1 ${at} *:*`,
  );
  expect(keys(output.join('\n'))).toEqual([]);
});

test('headings, empty lines and other families are ignored', () => {
  expect(keys('Netid State Recv-Q Send-Q Local\n\nnl UNCONN 0 0 rtnl:1 *\ntcp LISTEN 0')).toEqual([]);
});
