import { expect, it } from 'vitest';
import { readAdvertisement } from './advertisement-text.ts';

const text = `Soliciting ff02::2 (ff02::2) on lan0...

Hop limit                 :           64 (      0x40)
Stateful address conf.    :          Yes
Stateful other conf.      :          No
Router lifetime           :           30 (0x0000001e) seconds
 Prefix                   : fd00:11::/64
 Recursive DNS server     : fd00:11::53
 Recursive DNS server     : fd00:11::54
  DNS servers lifetime    :           10 (0x0000000a) seconds
 DNS search list          : corp.example lab.example bad;name 
 Source link-layer address: 2A:B1:20:34:DF:83
 from fe80::28b1:20ff:fe34:df83
`;

it('reads router, flags, name servers and search list of an advertisement', () => {
  expect(readAdvertisement(text)).toEqual({
    router: 'fe80::28b1:20ff:fe34:df83',
    managed: true,
    other: false,
    dns: ['fd00:11::53', 'fd00:11::54'],
    search: ['corp.example', 'lab.example'],
  });
});

it('takes a lifetime of zero for a router that is none, and silence for none at all', () => {
  expect(readAdvertisement(text.replace('           30', '            0'))?.router).toBeNull();
  expect(readAdvertisement('Soliciting ff02::2 (ff02::2) on lan0...\nNo response.\n')).toBeNull();
});
