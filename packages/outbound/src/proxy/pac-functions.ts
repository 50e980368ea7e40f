/**
 * The functions that PAC files know, in the language of the sandbox. Names are resolved outside: `resolve(host)` gives a text of an
 * IPv4 address, or null. `now` is the time in milliseconds, `offset` minutes that local time is behind UTC, `mine` our own address.
 */
export const pacFunctions = String.raw`
(function (resolve, now, offset, mine) {
  'use strict';
  const day = (date, gmt) => new Date(date + (gmt ? 0 : -offset * 60000));
  const quad = /^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/;
  const number = (text) => {
    const match = quad.exec(String(text));
    if (match === null) return null;
    let value = 0;
    for (const part of match.slice(1)) {
      if (Number(part) > 255) return null;
      value = value * 256 + Number(part);
    }
    return value;
  };
  const masked = (value, mask) => ((value & mask) >>> 0);
  const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
  const within = (value, from, to) => (from <= to ? from <= value && value <= to : value >= from || value <= to);
  const zone = (args) => {
    const gmt = args.length > 0 && String(args[args.length - 1]).toUpperCase() === 'GMT';
    return [gmt ? args.slice(0, -1) : args, day(now, gmt)];
  };
  const functions = {
    isPlainHostName: (host) => !String(host).includes('.') && !String(host).includes(':'),
    dnsDomainIs: (host, domain) => String(host).toLowerCase().endsWith(String(domain).toLowerCase()),
    localHostOrDomainIs(host, full) {
      const own = String(host).toLowerCase();
      const whole = String(full).toLowerCase();
      return own === whole || (!own.includes('.') && whole.startsWith(own + '.'));
    },
    dnsResolve: (host) => (number(host) !== null ? String(host) : resolve(String(host))),
    isResolvable: (host) => functions.dnsResolve(host) !== null,
    isInNet(host, pattern, mask) {
      const address = number(functions.dnsResolve(host));
      const [wanted, bits] = [number(pattern), number(mask)];
      if (address === null || wanted === null || bits === null) return false;
      return masked(address, bits) === masked(wanted, bits);
    },
    myIpAddress: () => mine,
    dnsDomainLevels: (host) => String(host).split('.').length - 1,
    shExpMatch(text, pattern) {
      const [whole, wild] = [String(text), String(pattern)];
      let [at, place, star, mark] = [0, 0, -1, 0];
      while (at < whole.length) {
        if (place < wild.length && wild[place] === '*') [star, mark, place] = [place, at, place + 1];
        else if (place < wild.length && (wild[place] === '?' || wild[place] === whole[at])) [at, place] = [at + 1, place + 1];
        else if (star >= 0) [mark, at, place] = [mark + 1, mark + 1, star + 1];
        else return false;
      }
      while (place < wild.length && wild[place] === '*') place += 1;
      return place === wild.length;
    },
    weekdayRange(...given) {
      const [args, date] = zone(given);
      const [from, to] = [args[0], args.length > 1 ? args[1] : args[0]].map((name) => days.indexOf(String(name).toUpperCase()));
      return from >= 0 && to >= 0 && within(date.getUTCDay(), from, to);
    },
    dateRange(...given) {
      const [args, date] = zone(given);
      const read = (word) => {
        const month = months.indexOf(String(word).toUpperCase());
        if (month >= 0) return ['month', month];
        const value = Number(word);
        return value > 31 ? ['year', value] : ['day', value];
      };
      const parts = args.map(read);
      if (parts.length === 0 || parts.some(([, value]) => Number.isNaN(value))) return false;
      const own = { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() };
      const half = parts.length === 1 ? 1 : parts.length / 2;
      const ends = [parts.slice(0, half), parts.length === 1 ? parts : parts.slice(half)];
      const kinds = ends.map((end) => end.map(([kind]) => kind).sort().join());
      if (!Number.isInteger(half) || kinds[0] !== kinds[1]) return false;
      const named = kinds[0].split(',');
      const weigh = (of) => (named.includes('year') ? of.year * 10000 : 0) + (named.includes('month') ? of.month * 100 : 0) + (named.includes('day') ? of.day : 0);
      const [from, to] = ends.map((end) => weigh(Object.fromEntries(end)));
      return within(weigh(own), from, to);
    },
    timeRange(...given) {
      const [args, date] = zone(given);
      const values = args.map(Number);
      if (values.length === 0 || values.some((value) => Number.isNaN(value))) return false;
      const second = date.getUTCHours() * 3600 + date.getUTCMinutes() * 60 + date.getUTCSeconds();
      const at = (hour, minute, rest) => hour * 3600 + minute * 60 + rest;
      if (values.length === 1) return date.getUTCHours() === values[0];
      if (values.length === 2) return within(second, at(values[0], 0, 0), at(values[1], 0, 0));
      if (values.length === 4) return within(second, at(values[0], values[1], 0), at(values[2], values[3], 0));
      return values.length === 6 && within(second, at(values[0], values[1], values[2]), at(values[3], values[4], values[5]));
    },
    alert: () => undefined,
  };
  for (const [name, value] of Object.entries(functions)) globalThis[name] = value;
})
`;
