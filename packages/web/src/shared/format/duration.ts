/** Seconds as two units at most: `45 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return two(Math.floor(whole / 60), 'min', whole % 60, 's');
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return two(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(whole / 3600);
  if (hours < 8760) return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
  return `${Math.round(hours / 8760)} years`.replace(/^1 years$/, '1 year');
}

/** An estimate of what is left, no more precise than it can be: `under 1 min`, `about 3 min`, `about 2 h`, `about 4 d`. */
export function formatTimeLeft(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 0.75) return 'under 1 min';
  if (minutes < 10) return `about ${Math.round(minutes)} min`;
  if (minutes < 55) return `about ${Math.ceil(minutes / 5) * 5} min`;
  const hours = Math.max(1, Math.round(minutes / 60));
  return hours < 48 ? `about ${hours} h` : `about ${Math.round(hours / 24)} d`;
}

function two(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}
