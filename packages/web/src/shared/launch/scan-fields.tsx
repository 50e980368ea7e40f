import { network } from '@picket/contracts/api/network';
import { profiles, platformProfileNames } from '@picket/plan/profile';
import {
  Checkbox,
  Group,
  NativeSelect,
  SegmentedControl,
  Stack,
  TextInput,
  Textarea,
  UnstyledButton,
} from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { fieldError } from '../api/api-error.ts';
import { useList } from '../api/use-list.ts';
import { useMay } from '../api/use-session.ts';
import { formatCount } from '../format/number.ts';
import { formatRanges } from '../format/range.ts';
import type { PlanError } from '@picket/plan/plan';
import type { Draft } from './draft.ts';
import { faultAt } from './local-faults.ts';
import classes from './launch.module.css';
import { FoundTargets } from './found-targets.tsx';
import { ScanAppliances } from './scan-appliances.tsx';
import { ScanGroups } from './scan-groups.tsx';
import { RunLimits } from '../schedule/run-limits.tsx';
import { TargetsInput } from './targets-input.tsx';
import { usePreferredNetwork } from './use-preferred-network.ts';

interface Props {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  /** What the planner in the browser sees. */
  readonly faults: readonly PlanError[];
  /** The platform's last refusal, shown at the fields it names. */
  readonly error: unknown;
}

/** Everything that one says about a scan before launch. */
export function ScanFields({ draft, onChange, faults, error }: Props) {
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Kind of job"
        size="xs"
        value={draft.kind}
        onChange={(kind) => onChange({ kind: kind === 'map' ? 'map' : 'scan' })}
        data={[
          { value: 'scan', label: 'Scan: assess hosts' },
          { value: 'map', label: 'Map: find hosts' },
        ]}
      />
      <NetworkField draft={draft} onChange={onChange} error={error} />
      <TargetsInput
        label="Targets"
        value={draft.targets}
        exclude={draft.exclude}
        onChange={(targets) => onChange({ targets })}
        error={fieldError(error, 'targets')}
        autoFocus
      />
      <ScanGroups draft={draft} onChange={onChange} error={error} />
      <FoundTargets draft={draft} onChange={onChange} error={error} />
      <ProfileField draft={draft} onChange={onChange} />
      <MoreOptions draft={draft} onChange={onChange} faults={faults} error={error} />
    </Stack>
  );
}

function NetworkField({ draft, onChange, error }: Omit<Props, 'faults'>) {
  const networks = useList(network, '/networks', {}, { limit: 500 });
  const preferred = usePreferredNetwork(networks.items);
  useEffect(() => {
    if (draft.networkId === null && preferred !== null) onChange({ networkId: preferred });
  }, [draft.networkId, preferred, onChange]);
  const chosen = networks.items.find((one) => one.id === draft.networkId);
  return (
    <Group align="flex-end" gap="xs">
      <NativeSelect
        label="Network"
        style={{ flex: 1 }}
        value={String(draft.networkId ?? '')}
        onChange={(event) => onChange({ networkId: Number(event.currentTarget.value) })}
        data={networks.items.map((one) => ({
          value: String(one.id),
          label: `${one.name} (${formatCount(one.addresses)} addresses)`,
        }))}
        error={fieldError(error, 'networkId')}
      />
      {chosen ? (
        <UnstyledButton
          className="pk-link"
          h={36}
          fz="sm"
          onClick={() => onChange({ targets: formatRanges(chosen.ranges, '\n') })}
        >
          Use whole network
        </UnstyledButton>
      ) : null}
    </Group>
  );
}

const about = {
  gentle: 'Fragile or narrow networks',
  normal: 'The usual choice',
  fast: 'Robust local networks',
} as const;

function ProfileField({ draft, onChange }: Pick<Props, 'draft' | 'onChange'>) {
  const name = useId();
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend style={{ fontWeight: 500, fontSize: 13, padding: 0, marginBottom: 4 }}>Profile</legend>
      <div className={classes.profiles}>
        {platformProfileNames.map((profile) => (
          <label key={profile} className={classes.profile}>
            <input
              type="radio"
              name={name}
              checked={draft.profile === profile}
              onChange={() => onChange({ profile })}
            />{' '}
            {profile[0]?.toUpperCase()}
            {profile.slice(1)}
            <small>
              {about[profile]}; {formatCount(profiles[profile].packetsPerSecond)} packets/s
            </small>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function MoreOptions({ draft, onChange, faults, error }: Props) {
  const [shown, setShown] = useState(
    draft.exclude !== '' ||
      draft.title !== '' ||
      draft.applianceIds.length > 0 ||
      draft.applianceGroupIds !== undefined ||
      (draft.windowIds?.length ?? 0) > 0 ||
      draft.runLimit !== undefined,
  );
  const may = useMay();
  const scan = draft.kind === 'scan';
  return (
    <Stack gap="sm">
      <UnstyledButton
        className="pk-link"
        fz="sm"
        mih={24}
        aria-expanded={shown}
        onClick={() => setShown(!shown)}
        style={{ alignSelf: 'start' }}
      >
        {shown ? 'Fewer options' : 'Exclusions, ports, appliances, windows and options'}
      </UnstyledButton>
      {shown ? (
        <>
          <Textarea
            label="Exclude"
            description="Never touched, whatever the targets say"
            autosize
            minRows={1}
            value={draft.exclude}
            onChange={(event) => onChange({ exclude: event.currentTarget.value })}
            error={faultAt(faults, 'exclude') ?? fieldError(error, 'exclude')}
            classNames={{ input: 'pk-mono' }}
          />
          {scan ? (
            <TextInput
              label="Ports"
              description="22,80,443 or 1-1024, top100, all; U: before UDP ports"
              value={draft.ports}
              onChange={(event) => onChange({ ports: event.currentTarget.value })}
              error={faultAt(faults, 'ports') ?? fieldError(error, 'ports')}
              classNames={{ input: 'pk-mono' }}
            />
          ) : null}
          <ScanAppliances draft={draft} onChange={onChange} error={error} />
          <RunLimits value={draft} onChange={onChange} error={error} />
          <TextInput
            label="Title"
            placeholder="Optional"
            value={draft.title}
            onChange={(event) => onChange({ title: event.currentTarget.value })}
          />
          <Checkbox
            label="Treat every address as alive (slower)"
            checked={draft.assumeAlive}
            onChange={(event) => onChange({ assumeAlive: event.currentTarget.checked })}
          />
          {scan ? (
            <Checkbox
              label="Identify services"
              checked={draft.services}
              onChange={(event) => onChange({ services: event.currentTarget.checked })}
            />
          ) : null}
          {scan ? (
            <Checkbox
              label="Run checks"
              disabled={!draft.services}
              checked={draft.checks && draft.services}
              onChange={(event) => onChange({ checks: event.currentTarget.checked })}
            />
          ) : null}
          {scan && may.manage ? (
            <Checkbox
              label="Allow intrusive checks (they may change or disturb a host)"
              checked={draft.intrusive}
              onChange={(event) => onChange({ intrusive: event.currentTarget.checked })}
            />
          ) : null}
        </>
      ) : null}
    </Stack>
  );
}
