/** Products whose name alone is that of a kind of software. */
const generic =
  /^(?:httpd|https? server|web ?server|server|ftpd|ftp server|sshd|telnetd|dns|ldap|smtp server|imapd|pop3d)$/i;

/** How a service's product is shown: with its vendor where the product alone would mislead, as in `Apache httpd`. Pure. */
export function productName(vendor: string | null | undefined, product: string | null | undefined): string | null {
  if (!product) return null;
  return generic.test(product) ? withVendor(vendor, product) : product;
}

/** How an operating system is shown: `Debian Linux 12`, since `Linux 12` would be the version of a kernel. Pure. */
export function osName(os: {
  readonly vendor?: string | undefined;
  readonly product: string;
  readonly version?: string | undefined;
}): string {
  const name = withVendor(os.vendor, os.product);
  return os.version === undefined ? name : `${name} ${os.version}`;
}

function withVendor(vendor: string | null | undefined, product: string): string {
  if (!vendor || product.toLowerCase().includes(vendor.toLowerCase())) return product;
  return `${vendor} ${product}`;
}
