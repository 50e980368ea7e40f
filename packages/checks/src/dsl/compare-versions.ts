import { DslFault } from './value.ts';

interface Version {
  readonly segments: readonly number[];
  /** Empty for a release. */
  readonly prerelease: string;
}

const shape =
  /^v?([0-9]{1,18}(?:\.[0-9]{1,18}){0,10})(?:-([0-9A-Za-z.~-]{1,64})|([-~]?[A-Za-z~]+[0-9A-Za-z.~-]{0,64}))?(?:\+[0-9A-Za-z.~-]{1,64})?$/;

function parseVersion(text: string): Version {
  const match = shape.exec(text.trim());
  if (!match) throw new DslFault(`"${text.slice(0, 40)}" is not a version`);
  const segments = (match[1] ?? '').split('.').map(Number);
  while (segments.length < 3) segments.push(0);
  return { segments, prerelease: match[2] ?? match[3] ?? '' };
}

function compare(a: Version, b: Version): number {
  const bySegments = compareSegments(a, b);
  if (bySegments !== 0 || a.prerelease === b.prerelease) return bySegments;
  if (a.prerelease === '') return 1;
  if (b.prerelease === '') return -1;
  return comparePrerelease(a.prerelease.split('.'), b.prerelease.split('.'));
}

function compareSegments(a: Version, b: Version): number {
  for (let at = 0; at < Math.max(a.segments.length, b.segments.length); at += 1) {
    const difference = (a.segments[at] ?? 0) - (b.segments[at] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

/** Numeric parts compare as numbers and stand before words (semver section 11). */
function comparePrerelease(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const left = a[at];
    const right = b[at];
    if (left === undefined) return -1;
    if (right === undefined) return 1;
    if (left === right) continue;
    const numeric = [/^[0-9]+$/.test(left), /^[0-9]+$/.test(right)];
    if (numeric[0] && numeric[1]) return Math.sign(Number(left) - Number(right));
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

/** Whether a version meets every constraint (`>=1.2`, `< 2.0, != 1.5`, `~> 1.4`); a list may be one comma-separated text. */
export function versionMatches(text: string, constraints: readonly string[]): boolean {
  const version = parseVersion(text);
  const parts = constraints.flatMap((constraint) => constraint.split(',')).map((part) => part.trim());
  return parts.every((part) => {
    const match = /^(>=|<=|!=|~>|=|>|<)?\s*(.+)$/.exec(part);
    if (!match) throw new DslFault(`"${part.slice(0, 40)}" is not a version constraint`);
    return meets(version, match[1] ?? '=', parseVersion(match[2] ?? ''), match[2] ?? '');
  });
}

function meets(version: Version, operator: string, bound: Version, written: string): boolean {
  const order = compare(version, bound);
  if (operator === '=') return order === 0;
  if (operator === '!=') return order !== 0;
  // A pre-release only meets a range whose bound is a pre-release of the same version.
  if (version.prerelease !== '' && (bound.prerelease === '' || compareSegments(version, bound) !== 0)) return false;
  if (operator === '>') return order > 0;
  if (operator === '<') return order < 0;
  if (operator === '>=') return order >= 0;
  if (operator === '<=') return order <= 0;
  const fixed = Math.max(1, written.replace(/^v/, '').split('.').length - 1);
  return order >= 0 && bound.segments.slice(0, fixed).every((segment, at) => version.segments[at] === segment);
}
