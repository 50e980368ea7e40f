/** `850 ms`, `42 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: what a person reads at a glance. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const pair = (value: number, large: number, largeUnit: string, small: number, smallUnit: string) => {
    const rest = Math.floor((value % large) / small);
    return `${Math.floor(value / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ''}`;
  };
  if (seconds < 3600) return pair(seconds, 60, 'min', 1, 's');
  if (seconds < 86_400) return pair(seconds, 3600, 'h', 60, 'min');
  return pair(seconds, 86_400, 'd', 3600, 'h');
}
