import { canonicalIp } from '@picket/base/ip';
import type { Advertisement } from './learned.ts';

/** Reads what rdisc6(8) prints of one router advertisement; null when none came. Total: it holds what a router on the link sent. */
export function readAdvertisement(text: string): Advertisement | null {
  const from = /^ from (fe[89ab][0-9a-f]:[0-9a-f:]+)$/im.exec(text)?.[1];
  if (from === undefined) return null;
  const yes = (label: string) => new RegExp(`^${label} *: +Yes$`, 'm').test(text);
  const lifetime = /^Router lifetime +: +(\d+)/m.exec(text)?.[1];
  const values = (label: string) =>
    [...text.matchAll(new RegExp(`^ ${label} *: (.{1,1000})$`, 'gm'))].map((match) => (match[1] ?? '').trim());
  return {
    router: Number(lifetime ?? '0') > 0 ? canonicalIp(from) : null,
    managed: yes('Stateful address conf\\.'),
    other: yes('Stateful other conf\\.'),
    dns: [...new Set(values('Recursive DNS server').flatMap((each) => canonicalIp(each) ?? []))].slice(0, 8),
    search: values('DNS search list')
      .flatMap((each) => each.split(/ +/))
      .filter((each) => /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$/.test(each))
      .slice(0, 6),
  };
}
