import { type MapAnswer, mapHostItem, type MapHostItem } from '@picket/contracts/api/map';
import type { MapNetwork, MapRouter } from '@picket/contracts/map/map-result';
import { Button } from '@mantine/core';
import { useList } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { LateSkeleton } from '../../shared/components/page.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { formatCount, plural } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';
import { drawnHosts } from './graph-layout.ts';
import classes from './maps.module.css';
import { networkKey, routerKey } from './map-tree.ts';
import { RoleList } from './role-list.tsx';
import { roleWord } from './role-words.ts';
import type { OpenNetworks } from './use-open-networks.ts';

interface Props {
  readonly map: MapAnswer;
  readonly networks: OpenNetworks;
  readonly openKey: string;
  readonly onClose: () => void;
}

/** Everything about what was opened in the graph. */
export function MapPanel({ map, networks, openKey, onClose }: Props) {
  const network = map.networks.find((one) => networkKey(one.prefix) === openKey);
  if (network) {
    return (
      <SidePanel title={network.prefix} label="Network" onClose={onClose}>
        <NetworkFacts map={map} network={network} networks={networks} />
      </SidePanel>
    );
  }
  const router = map.routers.find((one) => routerKey(one.address) === openKey);
  if (router) {
    return (
      <SidePanel title={router.address} label="Router" onClose={onClose}>
        <RouterFacts map={map} router={router} />
      </SidePanel>
    );
  }
  if (openKey.startsWith('host:')) return <HostPanel mapId={map.job.id} address={openKey.slice(5)} onClose={onClose} />;
  return (
    <SidePanel title="More networks" label="More networks" onClose={onClose}>
      <p>There are more networks here than the drawing can hold.</p>
      <AppLink to={paths.map(map.job.id)} filters={{ tab: 'networks' }}>
        See all networks as a table
      </AppLink>
    </SidePanel>
  );
}

const kinds: Readonly<Record<MapNetwork['kind'], string>> = {
  link: 'On link: the scanner reaches it without a gateway',
  route: 'Named by a routing table, behind a gateway',
  default: 'The way to everything else',
  assumed: 'Size assumed: hosts were seen here, and nobody named their network',
};

function NetworkFacts({ map, network, networks }: { map: MapAnswer; network: MapNetwork; networks: OpenNetworks }) {
  const filters = { tab: 'hosts', network: network.prefix };
  return (
    <>
      <Facts>
        <Fact name="Kind">{kinds[network.kind]}</Fact>
        <Fact name="Gateways">{network.gateways.length > 0 ? <Addresses all={network.gateways} /> : <NotKnown />}</Fact>
        <Fact name="Behind">{network.via === null ? 'no router' : <Address>{network.via}</Address>}</Fact>
        <Fact name="Links">{network.links.join(', ') || <NotKnown />}</Fact>
        {network.vlans.length > 0 ? <Fact name="VLAN">{network.vlans.join(', ')}</Fact> : null}
        <Fact name="Hosts">
          <AppLink to={paths.map(map.job.id)} filters={filters}>
            {plural(network.hosts, 'host')}
          </AppLink>
        </Fact>
      </Facts>
      <ul className={classes.roles}>
        {Object.entries(network.roles)
          .toSorted((a, b) => b[1] - a[1])
          .map(([role, hosts]) => (
            <li key={role}>
              <AppLink to={paths.map(map.job.id)} filters={{ ...filters, role }}>
                {formatCount(hosts)} {roleWord(role).label}
              </AppLink>
            </li>
          ))}
      </ul>
      {network.hosts === 0 ? null : network.hosts <= drawnHosts ? (
        <Button variant="default" onClick={() => networks.toggle(network.prefix)}>
          {networks.isOpen(network.prefix) ? 'Draw as counts' : 'Draw its hosts'}
        </Button>
      ) : (
        <p>With more than {drawnHosts} hosts it is drawn as counts.</p>
      )}
    </>
  );
}

function RouterFacts({ map, router }: { map: MapAnswer; router: MapRouter }) {
  return (
    <Facts>
      <Fact name="Name">{router.name ?? <NotKnown>no name</NotKnown>}</Fact>
      <Fact name="Gateway of">
        {router.gatewayOf.length > 0 ? <Addresses all={router.gatewayOf} /> : 'no network that was named'}
      </Fact>
      <Fact name="Forwarded">{plural(router.forwards, 'traced way')}</Fact>
      <Fact name="Distance">
        {router.distance === null ? <NotKnown>not traced</NotKnown> : plural(router.distance, 'hop')}
      </Fact>
      <Fact name="As a host">
        {router.host ? (
          <AppLink to={paths.map(map.job.id)} filters={{ tab: 'hosts', q: router.address }}>
            found
          </AppLink>
        ) : (
          'not among the targets, or silent'
        )}
      </Fact>
    </Facts>
  );
}

function Addresses({ all }: { all: readonly string[] }) {
  return (
    <>
      {all.slice(0, 20).map((one) => (
        <div key={one}>
          <Address>{one}</Address>
        </div>
      ))}
      {all.length > 20 ? `and ${formatCount(all.length - 20)} more` : null}
    </>
  );
}

/** A host of a map, read by its address. */
export function HostPanel({ mapId, address, onClose }: { mapId: number; address: string; onClose: () => void }) {
  const list = useList(mapHostItem, `/maps/${mapId}/hosts`, { q: address });
  const host = list.items.find((one) => one.address === address);
  return (
    <SidePanel title={address} label="Host" onClose={onClose}>
      {host ? (
        <HostFacts host={host} />
      ) : list.loading ? (
        <LateSkeleton height={200} />
      ) : (
        <p>This host is not on the map.</p>
      )}
    </SidePanel>
  );
}

function HostFacts({ host }: { host: MapHostItem }) {
  return (
    <>
      <Facts>
        <Fact name="Names">
          {host.names.length === 0 ? <NotKnown>no name</NotKnown> : null}
          {host.names.map((name) => (
            <div key={`${name.source}${name.name}`}>
              {name.name} <span className={classes.source}>{name.source}</span>
            </div>
          ))}
        </Fact>
        <Fact name="System">{host.os ?? <NotKnown />}</Fact>
        <Fact name="Interface">
          {host.mac ? (
            <>
              <Address>{host.mac}</Address> {host.macVendor ?? ''}
            </>
          ) : (
            <NotKnown>MAC not seen</NotKnown>
          )}
        </Fact>
        <Fact name="Showed itself by">
          <Address>{host.reason}</Address>
        </Fact>
        <Fact name="Network">
          <Address>{host.network}</Address>
        </Fact>
        <Fact name="Behind">{host.via === null ? 'no router that answered' : <Address>{host.via}</Address>}</Fact>
        <Fact name="Distance">
          {host.distance === null ? <NotKnown>not traced</NotKnown> : plural(host.distance, 'hop')}
        </Fact>
        {host.openPorts.length > 0 ? (
          <Fact name="Open ports">
            {host.openPorts.map((port) => (
              <div key={`${port.protocol}${port.port}`}>
                <Address>
                  {port.port}/{port.protocol}
                </Address>{' '}
                {port.service} {port.product}
              </div>
            ))}
          </Fact>
        ) : null}
      </Facts>
      <h3 className={classes.heading}>Roles</h3>
      <RoleList roles={host.roles} />
      {host.assetId === null ? null : <AppLink to={paths.asset(host.assetId)}>All about this asset</AppLink>}
    </>
  );
}
