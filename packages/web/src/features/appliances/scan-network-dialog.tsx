import type { Appliance } from '@picket/contracts/api/appliance';
import { type ApplianceScanNetwork, applianceScanNetwork } from '@picket/contracts/api/scan-network';
import { type ScanNetwork, scanNetwork } from '@picket/contracts/scan-network';
import { Alert, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useItem } from '../../shared/api/use-item.ts';
import { useSend } from '../../shared/api/use-send.ts';
import { useFeatures } from '../../shared/api/use-session.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { Time } from '../../shared/components/time.tsx';
import { plural } from '../../shared/format/number.ts';
import { readRoutes, readVlans, routeForm, routeLines, vlanForm, vlanLines } from './scan-network-text.ts';

const states: Readonly<Record<ApplianceScanNetwork['state'], string>> = {
  none: 'Nothing is set: the appliance scans from its LAN address.',
  pending: 'The appliance takes this over at its next poll.',
  applied: 'In force on the appliance.',
  'rolled-back':
    'The appliance could not reach the platform with these settings and went back to those it had before. Correct and save them to try again.',
  refused: 'The appliance could not apply these settings; nothing was changed on it.',
  unsupported: 'Nobody manages the network of this machine: VLANs and routes are set on it by hand.',
};

/** VLANs, static routes and IPv6 that an appliance scans with (spec section 5). */
export function ScanNetworkDialog({ appliance: one, onClose }: { appliance: Appliance; onClose: () => void }) {
  const path = `/appliances/${one.id}/scan-network`;
  const read = useItem(applianceScanNetwork, path);
  return (
    <FormDialog title={`Networks that ${one.name} scans`} size="lg" onClose={onClose}>
      {read.error ? <ErrorState error={read.error} /> : null}
      {read.data ? (
        <ScanNetworkForm key={read.data.network.generation} path={path} read={read.data} onClose={onClose} />
      ) : null}
    </FormDialog>
  );
}

interface Draft {
  readonly vlans: string;
  readonly routes: string;
  readonly ipv6: 'off' | 'automatic' | 'static';
  /** `address/length`, when static. */
  readonly address: string;
  readonly gateway: string;
}

function draftOf(network: ScanNetwork): Draft {
  const { ipv6 } = network;
  return {
    vlans: vlanLines(network),
    routes: routeLines(network),
    ipv6: ipv6?.method ?? 'off',
    address: ipv6?.method === 'static' ? `${ipv6.address}/${ipv6.prefixLength}` : '',
    gateway: ipv6?.method === 'static' ? (ipv6.gateway ?? '') : '',
  };
}

/** The document that a draft stands for, or what is wrong with it, by field. */
function documentOf(
  draft: Draft,
  generation: number,
): { network: ScanNetwork } | { faults: Partial<Record<keyof Draft, string>> } {
  const vlans = readVlans(draft.vlans);
  const routes = readRoutes(draft.routes);
  const told = (faults: readonly { line: number; message: string }[]) =>
    faults
      .slice(0, 3)
      .map(({ line, message }) => `Line ${line}: ${message}.`)
      .join(' ');
  if (vlans.faults.length > 0 || routes.faults.length > 0)
    return {
      faults: {
        ...(vlans.faults.length > 0 ? { vlans: told(vlans.faults) } : {}),
        ...(routes.faults.length > 0 ? { routes: told(routes.faults) } : {}),
      },
    };
  const [address = '', length = ''] = draft.address.split('/');
  const ipv6 =
    draft.ipv6 === 'static'
      ? {
          method: draft.ipv6,
          address: address.trim(),
          prefixLength: Number(length),
          gateway: draft.gateway.trim() || null,
        }
      : draft.ipv6 === 'automatic'
        ? { method: draft.ipv6 }
        : null;
  const checked = scanNetwork.safeParse({ generation, vlans: vlans.items, routes: routes.items, ipv6 });
  if (checked.success) return { network: checked.data };
  const faults: Partial<Record<keyof Draft, string>> = {};
  for (const { path, message } of checked.error.issues) {
    const [part, index] = path;
    const field =
      part === 'routes' || message.startsWith('the route') ? 'routes' : part === 'ipv6' ? 'address' : 'vlans';
    faults[field] ??=
      typeof index === 'number' ? `Entry ${index + 1} (${path.slice(2).join('.')}): ${message}.` : `${message}.`;
  }
  return { faults };
}

/** Goes to the first field that is wrong, so that its fault is read out and can be mended at once. */
function focusFirst(form: HTMLFormElement, faults: Partial<Record<keyof Draft, string>>): void {
  const first = (['vlans', 'routes', 'address'] as const).find((name) => faults[name] !== undefined);
  const field = first === undefined ? null : form.elements.namedItem(first);
  if (field instanceof HTMLElement) field.focus();
}

function ScanNetworkForm(props: { path: string; read: ApplianceScanNetwork; onClose: () => void }) {
  const { network, state, detail, changedAt, changedBy, reportedAt } = props.read;
  const [draft, setDraft] = useState(() => draftOf(network));
  const [faults, setFaults] = useState<Partial<Record<keyof Draft, string>>>({});
  const save = useSend({
    schema: applianceScanNetwork,
    method: 'PUT',
    path: props.path,
    body: (document: ScanNetwork) => document,
    stale: ['/appliances'],
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const features = useFeatures();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const read = documentOf(draft, network.generation);
        setFaults('faults' in read ? read.faults : {});
        if ('faults' in read) focusFirst(event.currentTarget, read.faults);
        // The form is made anew once the saved document was read, which may be before callbacks of `mutate` would run.
        if ('network' in read) save.mutateAsync(read.network).then(props.onClose, () => {});
      }}
    >
      <Stack gap="sm">
        <Alert variant="default" p="xs" role="status">
          {state === 'pending' && detail ? 'The appliance is taking this over.' : states[state]} {detail}
          {changedAt ? (
            <Text size="xs" c="dimmed">
              {plural(network.vlans.length, 'VLAN')}, {plural(network.routes.length, 'route')}; changed by {changedBy}{' '}
              <Time at={changedAt} />
              {reportedAt ? (
                <>
                  , reported <Time at={reportedAt} />
                </>
              ) : null}
            </Text>
          ) : null}
        </Alert>
        {features.vlans ? (
          <>
            <Textarea
              name="vlans"
              label="VLANs, one a line"
              description={vlanForm}
              placeholder="20, Printers, 10.20.0.9/24, auto"
              autosize
              minRows={4}
              maxRows={12}
              value={draft.vlans}
              onChange={(event) => set({ vlans: event.currentTarget.value })}
              error={faults.vlans}
              autoFocus
            />
            <Textarea
              name="routes"
              label="Static routes, one a line"
              description={routeForm}
              placeholder="10.30.0.0/16, 10.20.0.1, 20"
              autosize
              minRows={3}
              maxRows={12}
              value={draft.routes}
              onChange={(event) => set({ routes: event.currentTarget.value })}
              error={faults.routes}
            />
          </>
        ) : null}
        {features.ipv6 ? (
          <Select
            label="IPv6 for scanning on LAN"
            description="Management stays on IPv4"
            data={[
              { value: 'off', label: 'Off' },
              { value: 'automatic', label: 'Automatic: router advertisements' },
              { value: 'static', label: 'Static address' },
            ]}
            allowDeselect={false}
            value={draft.ipv6}
            onChange={(next) => set({ ipv6: next === 'automatic' || next === 'static' ? next : 'off' })}
          />
        ) : null}
        {draft.ipv6 === 'static' ? (
          <Group grow align="flex-start">
            <TextInput
              name="address"
              label="IPv6 address and prefix length"
              placeholder="fd00:10::9/64"
              value={draft.address}
              onChange={(event) => set({ address: event.currentTarget.value })}
              error={faults.address}
            />
            <TextInput
              label="IPv6 gateway, if any"
              placeholder="fd00:10::1"
              value={draft.gateway}
              onChange={(event) => set({ gateway: event.currentTarget.value })}
            />
          </Group>
        ) : null}
        {save.error ? <ErrorState error={save.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            Keep as it was
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
