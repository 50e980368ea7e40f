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

/** An estimate of what is left, no more precise than it can be: a coarse amount, and how it is meant. */
export function timeLeft(seconds: number): { readonly meant: 'about' | 'under'; readonly amount: string } {
  const minutes = seconds / 60;
  if (minutes < 0.75) return { meant: 'under', amount: '1 min' };
  return { meant: 'about', amount: coarse(minutes) };
}

/** `under 1 min`, `about 3 min`, `about 2 h`, `about 4 d`. */
export function formatTimeLeft(seconds: number): string {
  const { meant, amount } = timeLeft(seconds);
  return `${meant} ${amount}`;
}

function coarse(minutes: number): string {
  if (minutes < 10) return `${Math.round(minutes)} min`;
  if (minutes < 55) return `${Math.ceil(minutes / 5) * 5} min`;
  const hours = Math.max(1, Math.round(minutes / 60));
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

function two(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`;
}
