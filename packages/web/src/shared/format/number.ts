/** Digits in groups: `12,345`. Takes decimal text as well, for counts beyond 2^53. */
export function formatCount(value: number | bigint | string): string {
  const text = String(value);
  return /^-?[0-9]+$/.test(text) ? text.replace(/\B(?=([0-9]{3})+$)/g, ',') : text;
}

/** A count with its noun: `1 host`, `2 hosts`, `1 address`, `2 addresses` (plural given when it is not `-s`). */
export function plural(value: number | bigint | string, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${String(value) === '1' ? one : many}`;
}

/** Share of 1 in whole percent; 100 % only when it is whole, 0 % only when nothing is done. */
export function formatPercent(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  return `${Math.min(99, Math.max(1, Math.round(share * 100)))} %`;
}

/** A rate: `1,234/s`, below 10 with one decimal. */
export function formatRate(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? `${perSecond.toFixed(1)}/s` : `${formatCount(Math.round(perSecond))}/s`;
}

/** Bytes in binary units: `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
