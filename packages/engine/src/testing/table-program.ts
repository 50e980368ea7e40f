import { openNetworkTable } from '../adapters/kernel/netlink-table.ts';

/** A program for namespaces: `table-program.ts ADDRESS…` prints what the kernel knows of links, networks and the ways to the addresses. */
const table = openNetworkTable();
if (!table.ok) throw new Error(table.error.detail);
const { links, routes, routeTo, neighbour } = table.value;
const ways = process.argv.slice(2).map((address) => {
  const route = routeTo(address);
  if (route === null) return { address, way: null };
  const { link, source, gateway, local } = route;
  const mac = neighbour(link.index, gateway ?? address);
  return { address, way: { device: link.name, source, gateway, local, mac } };
});
process.stdout.write(`${JSON.stringify({ links: links(), routes: routes(), ways })}\n`);
table.value.close();
