/** A system that a piece of software needs. */
export interface SoftwarePlatform {
  readonly path: readonly string[];
  readonly confidence: number;
  /** Completes "…, which". */
  readonly why: string;
}

interface Rule extends SoftwarePlatform {
  /** Found in "vendor product". */
  readonly words: RegExp;
}

/** First fit wins. Software that runs on many systems (Apache, nginx, Samba, MySQL, .NET, SQL Server since 2017) is not here. */
const rules: readonly Rule[] = [
  { words: /\bxrdp\b/i, path: ['linux'], confidence: 0.4, why: 'mostly runs on Linux' },
  {
    words:
      /\bMicrosoft (?:IIS|HTTPAPI|Exchange|ESMTP|FTP|Windows|DNS|Telnet|POP3|IMAP|Active Directory|RPC|Terminal|LDAP|WinRM)/i,
    path: ['windows'],
    confidence: 0.85,
    why: 'runs on Windows only',
  },
  {
    words: /\bMicrosoft SQL Server (?:2000|2005|2008|2012|2014|2016)/i,
    path: ['windows'],
    confidence: 0.8,
    why: 'runs on Windows only',
  },
  { words: /\bMicrosoft SQL Server/i, path: ['windows'], confidence: 0.5, why: 'mostly runs on Windows' },
  { words: /Windows/i, path: ['windows'], confidence: 0.75, why: 'is made for Windows' },
  { words: /\bAvahi\b/i, path: ['linux'], confidence: 0.45, why: 'mostly runs on Linux' },
  {
    words: /\b(?:systemd|cockpit|docker|podman|containerd|kubelet)\b/i,
    path: ['linux'],
    confidence: 0.6,
    why: 'needs Linux',
  },
  { words: /\b(?:busybox|dnsmasq|uhttpd)\b/i, path: ['linux'], confidence: 0.4, why: 'mostly runs on Linux' },
  {
    words: /\bAirPlay\b|\bAirTunes\b|Apple Remote Desktop/i,
    path: ['darwin'],
    confidence: 0.6,
    why: 'is made by Apple for its own systems',
  },
];

/** The system that a product needs, or null where it runs on several. */
export function softwarePlatform(vendor: string, product: string): SoftwarePlatform | null {
  if (/samba/i.test(product)) return null;
  const words = product.toLowerCase().startsWith(vendor.toLowerCase()) ? product : `${vendor} ${product}`;
  const found = rules.find((rule) => rule.words.test(words));
  return found ? { path: found.path, confidence: found.confidence, why: found.why } : null;
}
