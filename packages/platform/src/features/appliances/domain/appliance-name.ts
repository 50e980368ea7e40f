/** Longest friendly name (spec section 2). */
const nameLength = 15;

/**
 * The name of an appliance nobody named: `is_<login>` cut to 15 characters, numbered if taken. Characters that a login
 * may hold and a name may not become `_`.
 */
export function defaultApplianceName(login: string, taken: ReadonlySet<string>): string {
  const base = `is_${login.replaceAll(/[^A-Za-z0-9_\\.-]/g, '_')}`.slice(0, nameLength);
  const used = new Set([...taken].map((name) => name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : String(number);
    const name = base.slice(0, nameLength - suffix.length) + suffix;
    if (!used.has(name.toLowerCase())) return name;
  }
}
