/** Reads a compressed list (`1-3,80`) that an appliance sent. Total: what is no port is left out. */
export function portsOf(text: string): ReadonlySet<number> {
  const ports = new Set<number>();
  for (const item of text.split(',')) {
    const range = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(item.trim());
    if (!range) continue;
    const last = Math.min(65_535, Number(range[2] ?? range[1]));
    for (let port = Math.max(1, Number(range[1])); port <= last; port += 1) ports.add(port);
  }
  return ports;
}
