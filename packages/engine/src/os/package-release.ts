import { ownValue } from '@picket/base/own-value';
/** A release of a distribution that the version of one of its packages gives away. */
export interface PackageRelease {
  readonly path: readonly string[];
  readonly confidence: number;
  /** The part of the text that told. */
  readonly token: string;
}

interface Mark {
  readonly pattern: RegExp;
  readonly path: (match: RegExpExecArray) => readonly string[] | null;
  readonly confidence: number;
}

/** Ubuntu releases that a package version can name. */
const ubuntuReleases = new Set([
  '14.04',
  '16.04',
  '18.04',
  '20.04',
  '22.04',
  '22.10',
  '23.04',
  '23.10',
  '24.04',
  '24.10',
  '25.04',
  '25.10',
]);

/**
 * Marks that distributions put into the versions of their packages. Sources: Debian developer's reference section 5.8.5.4 (`+deb12u1`, `~deb12u1`)
 * and backports rules (`~bpo12+1`); Ubuntu's SRU and security team rules (`0ubuntu0.22.04.1`); Red Hat and Fedora packaging
 * guidelines, dist tag (`.el9_4`, `.fc40`, `.amzn2023`). Words alone (`Debian`, `Ubuntu`) name the distribution and no release.
 */
const marks: readonly Mark[] = [
  {
    pattern: /[+~]deb([0-9]{1,2})(?:u[0-9]{1,3})?\b/,
    path: (match) => ['linux', 'debian', match[1] ?? ''],
    confidence: 0.95,
  },
  { pattern: /~bpo([0-9]{1,2})\+[0-9]/, path: (match) => ['linux', 'debian', match[1] ?? ''], confidence: 0.9 },
  {
    pattern: /ubuntu[0-9]{0,3}[.~]([12][0-9]\.[01][0-9])\b/i,
    path: (match) => (ubuntuReleases.has(match[1] ?? '') ? ['linux', 'ubuntu', match[1] ?? ''] : null),
    confidence: 0.9,
  },
  { pattern: /\.el([5-9]|10)(?:[._][0-9]|\b)/, path: () => ['linux'], confidence: 0.85 },
  { pattern: /\.fc([1-9][0-9])\b/, path: (match) => ['linux', 'fedora', match[1] ?? ''], confidence: 0.9 },
  { pattern: /\.amzn([0-9]{1,4})\b/, path: (match) => ['linux', 'amazon', match[1] ?? ''], confidence: 0.9 },
  { pattern: /\bDebian[-/ (]/, path: () => ['linux', 'debian'], confidence: 0.85 },
  { pattern: /\(Debian\)/, path: () => ['linux', 'debian'], confidence: 0.85 },
  { pattern: /[0-9]ubuntu[0-9]|\(Ubuntu\)|\bUbuntu-[0-9]/, path: () => ['linux', 'ubuntu'], confidence: 0.85 },
  { pattern: /\(Red Hat Enterprise Linux\)/, path: () => ['linux', 'rhel'], confidence: 0.85 },
  {
    pattern: /\((?:CentOS|Rocky Linux|AlmaLinux|Fedora)(?: Stream)?\)/,
    path: (match) => distribution(match[0]),
    confidence: 0.85,
  },
];

function distribution(word: string): readonly string[] {
  const name = word.slice(1).toLowerCase();
  return ['linux', ...['centos', 'rocky', 'alma', 'fedora'].filter((known) => name.startsWith(known))];
}

/** The first mark in a version or banner, or null. Linear in the length of the text. */
export function packageRelease(text: string): PackageRelease | null {
  for (const { pattern, path, confidence } of marks) {
    const match = pattern.exec(text);
    const found = match && path(match);
    if (match && found) return { path: found, confidence, token: match[0] };
  }
  return null;
}

/**
 * The upstream version of OpenSSH that each release came with, which tells the release where the package's own revision does not.
 * Sources: packages.debian.org and packages.ubuntu.com, `openssh-server`.
 */
const openSshReleases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { '6.7p1': '8', '7.4p1': '9', '7.9p1': '10', '8.4p1': '11', '9.2p1': '12', '10.0p1': '13', '10.0p2': '13' },
  ubuntu: {
    '6.6.1p1': '14.04',
    '7.2p2': '16.04',
    '7.6p1': '18.04',
    '8.2p1': '20.04',
    '8.9p1': '22.04',
    '9.6p1': '24.04',
  },
  raspbian: { '7.4p1': '9', '7.9p1': '10', '8.4p1': '11', '9.2p1': '12', '10.0p1': '13' },
};

/** Adds the release to a distribution that OpenSSH named, if its version was that of one release only. */
export function openSshRelease(path: readonly string[], version: string): readonly string[] {
  const releases = path.length === 2 ? ownValue(openSshReleases, path[1] ?? '') : undefined;
  const release = releases && ownValue(releases, version.replaceAll(' ', ''));
  return release === undefined ? path : [...path, release];
}
