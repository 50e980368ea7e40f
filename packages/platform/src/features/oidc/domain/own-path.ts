/** A path of the platform's own pages, else the first one: nobody is sent elsewhere after signing in (RFC 9700 section 4.11). */
export function ownPath(wanted: string): string {
  const base = 'https://platform.invalid';
  if (!wanted.startsWith('/') || !URL.canParse(wanted, base)) return '/';
  const url = new URL(wanted, base);
  if (url.origin !== base || /^\/(api|appliance)(\/|$)/.test(url.pathname)) return '/';
  // What `//host` and `/\host` became is already gone with the origin; what is left begins with one slash.
  return /^\/(?!\/)/.test(url.pathname) ? url.pathname + url.search : '/';
}
