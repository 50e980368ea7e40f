import type { Appliance } from '@picket/contracts/api/appliance';
import { network } from '@picket/contracts/api/network';
import { Alert, Group, Stack } from '@mantine/core';
import { lazy } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { useFeatures, useMay } from '../../shared/api/use-session.ts';
import { ApplianceStatus } from '../../shared/appliances/appliance-status.tsx';
import { Address } from '../../shared/components/address.tsx';
import { AppLink } from '../../shared/components/app-link.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { NotKnown } from '../../shared/components/unknown.tsx';
import { formatDuration } from '../../shared/format/duration.ts';
import { formatBytes, plural } from '../../shared/format/number.ts';
import { paths } from '../../shared/paths.ts';
import { connectivityWords, workWord } from './appliance-words.ts';
import { ClearSuspicion } from './clear-suspicion.tsx';
import { NetworkDoctor } from './network-doctor.tsx';
import { NetworkErrors } from './network-errors.tsx';
import { UpdatesSection } from './updates-section.tsx';

// Each opens with a click.
const EditDialog = lazy(() => import('./appliance-dialogs.tsx').then((module) => ({ default: module.EditDialog })));
const DeleteDialog = lazy(() => import('./appliance-dialogs.tsx').then((module) => ({ default: module.DeleteDialog })));
const RevokeDialog = lazy(() => import('./appliance-dialogs.tsx').then((module) => ({ default: module.RevokeDialog })));
const ReplaceDialog = lazy(() => import('./replace-dialog.tsx').then((module) => ({ default: module.ReplaceDialog })));
const ScanNetworkDialog = lazy(() =>
  import('./scan-network-dialog.tsx').then((module) => ({ default: module.ScanNetworkDialog })),
);

/** The preview pane (spec section 8). */
export function AppliancePanel({ appliance: one, onClose }: { appliance: Appliance; onClose: () => void }) {
  const may = useMay();
  const features = useFeatures();
  return (
    <SidePanel title={one.name} label="Appliance" onClose={onClose}>
      <Stack gap="md">
        {may.manageAppliances ? (
          <Group gap="xs">
            <DialogButton label="Edit">{(close) => <EditDialog appliance={one} onClose={close} />}</DialogButton>
            {features.vlans || features.ipv6 ? (
              <DialogButton label={features.vlans ? 'VLANs and routes' : 'IPv6 for scanning'}>
                {(close) => <ScanNetworkDialog appliance={one} onClose={close} />}
              </DialogButton>
            ) : null}
            <DialogButton label="Replace">{(close) => <ReplaceDialog appliance={one} onClose={close} />}</DialogButton>
            {one.state === 'revoked' ? null : (
              <DialogButton label="Revoke">{(close) => <RevokeDialog appliance={one} onClose={close} />}</DialogButton>
            )}
            <DialogButton label="Delete">
              {(close) => <DeleteDialog appliance={one} onClose={close} onGone={onClose} />}
            </DialogButton>
          </Group>
        ) : null}
        {one.state === 'suspect' && may.manageAppliances ? <ClearSuspicion appliance={one} /> : null}
        {one.trouble.map((trouble) => (
          <Alert key={trouble.code} variant="default" title={trouble.code} p="xs">
            {trouble.message}
          </Alert>
        ))}
        <UpdatesSection appliance={one} />
        <PanelFacts appliance={one} />
        <NetworkDoctor appliance={one} />
        <NetworkErrors appliance={one} />
      </Stack>
    </SidePanel>
  );
}

function PanelFacts({ appliance: one }: { appliance: Appliance }) {
  const networks = useList(network, '/networks', {}, { limit: 500 });
  const names = networks.items.flatMap((net) => (one.networkIds.includes(net.id) ? [net.name] : []));
  return (
    <Facts>
      <Fact name="Status">
        <ApplianceStatus appliance={one} />
      </Fact>
      <Fact name="Kind">{one.kind ?? <NotKnown>not known before its first contact</NotKnown>}</Fact>
      <Fact name="Work">
        {one.runningScans.length === 0
          ? workWord(one).toLowerCase()
          : one.runningScans.map((id) => (
              <AppLink key={id} to={paths.scan(id)}>
                {one.runningMaps.includes(id) ? 'map' : 'scan'} {id}{' '}
              </AppLink>
            ))}
      </Fact>
      <Fact name="LAN IP">{one.lanAddress ? <Address>{one.lanAddress}</Address> : <NotKnown />}</Fact>
      <Fact name="Code">
        <CodeState code={one.code} />
      </Fact>
      <Fact name="Free capacity">{one.availablePercent === null ? <NotKnown /> : `${one.availablePercent} %`}</Fact>
      <Fact name="Connectivity">{connectivityWords(one)}</Fact>
      <Fact name="Last contact">
        <Time at={one.lastContact} />
      </Fact>
      <Fact name="Polls every">
        {formatDuration(one.pollIntervalSeconds)}; counts as offline after {formatDuration(one.heartbeatSeconds)}
      </Fact>
      <Fact name="Networks">{names.join(', ') || <NotKnown>none: it gets no work</NotKnown>}</Fact>
      <Fact name="Spool">
        {one.spool ? (
          `${plural(one.spool.events, 'event')}, ${formatBytes(one.spool.bytes)}${one.spool.full ? ', full' : ''}`
        ) : (
          <NotKnown />
        )}
      </Fact>
      <Fact name="Added">
        <Time at={one.createdAt} />
      </Fact>
    </Facts>
  );
}

function CodeState({ code }: { code: Appliance['code'] }) {
  if (code === null) return 'used';
  return code.state === 'waiting' ? (
    <>
      personalization code not used yet, works until <Time at={code.expiresAt} />
    </>
  ) : (
    <>
      personalization code expired <Time at={code.expiresAt} />: Replace gives a new one
    </>
  );
}
