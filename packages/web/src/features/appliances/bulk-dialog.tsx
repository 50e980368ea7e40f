import type { Appliance } from '@picket/contracts/api/appliance';
import { applianceLimits } from '@picket/contracts/protocol';
import { Button, Checkbox, Group, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../../shared/api/api-context.tsx';
import { NetworkChoice } from '../../shared/appliances/network-choice.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { plural } from '../../shared/format/number.ts';
import { type BulkAction, type BulkOutcome, runBulk } from './bulk-run.ts';

interface Props {
  readonly kind: BulkAction['kind'];
  readonly appliances: readonly Appliance[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const titles = { change: 'Edit', update: 'Update', delete: 'Delete' } as const;

/** Asks what to do to many appliances, does it one by one, and says of each what became of it. */
export function BulkDialog({ kind, appliances, onClose, onDone }: Props) {
  // As picked when the dialog opened: the list goes on changing below.
  const [chosen] = useState(appliances);
  const [outcomes, setOutcomes] = useState<readonly BulkOutcome[] | null>(null);
  const stop = useRef(new AbortController());
  const api = useApi();
  const queries = useQueryClient();
  useEffect(() => {
    const running = stop.current;
    return () => running.abort();
  }, []);
  async function run(action: BulkAction): Promise<void> {
    setOutcomes([]);
    const onOutcome = (one: BulkOutcome) => setOutcomes((before) => [...(before ?? []), one]);
    await runBulk(api, chosen, action, { onOutcome, signal: stop.current.signal });
    for (const path of ['/appliances', '/overview', '/session']) void queries.invalidateQueries({ queryKey: [path] });
  }
  const close = () => {
    onClose();
    if (outcomes !== null) onDone();
  };
  return (
    <FormDialog title={`${titles[kind]} ${plural(chosen.length, 'appliance')}`} onClose={close}>
      {outcomes === null ? (
        <Ask kind={kind} count={chosen.length} onClose={onClose} onRun={(action) => void run(action)} />
      ) : (
        <Outcomes outcomes={outcomes} count={chosen.length} onClose={close} />
      )}
    </FormDialog>
  );
}

function Outcomes({
  outcomes,
  count,
  onClose,
}: {
  outcomes: readonly BulkOutcome[];
  count: number;
  onClose: () => void;
}) {
  const failed = outcomes.filter((one) => one.detail !== null).length;
  const over = outcomes.length === count;
  return (
    <Stack gap="sm">
      <Text size="sm" role="status">
        {outcomes.length} of {count} done{failed > 0 ? `, ${failed} refused` : ''}.
      </Text>
      <ul style={{ margin: 0, paddingLeft: 20, maxHeight: 320, overflow: 'auto' }} tabIndex={0} aria-label="Outcomes">
        {outcomes.map((one) => (
          <li key={one.id}>
            <span className="pk-mono">{one.name}</span>: {one.detail ?? 'done'}
          </li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button onClick={onClose}>{over ? 'Close' : 'Stop here'}</Button>
      </Group>
    </Stack>
  );
}

function Ask(props: {
  kind: BulkAction['kind'];
  count: number;
  onClose: () => void;
  onRun: (action: BulkAction) => void;
}) {
  if (props.kind === 'change') return <AskChange onClose={props.onClose} onRun={props.onRun} />;
  return <AskConfirm {...props} kind={props.kind} />;
}

function AskConfirm({
  kind,
  count,
  onClose,
  onRun,
}: {
  kind: 'update' | 'delete';
  count: number;
  onClose: () => void;
  onRun: (action: BulkAction) => void;
}) {
  const [typed, setTyped] = useState('');
  const name = plural(count, 'appliance');
  const ready = kind === 'update' || typed.trim() === name;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onRun({ kind });
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          {kind === 'update'
            ? 'Each installs what is current as soon as no slice runs on it.'
            : 'They stop scanning at once and have to be enrolled again to come back. Their results stay.'}
        </Text>
        {kind === 'delete' ? (
          <TextInput
            label={`Type ${name} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
        ) : null}
        <Buttons onClose={onClose} verb={kind === 'update' ? 'Update now' : `Delete ${name}`} ready={ready} />
      </Stack>
    </form>
  );
}

function AskChange({ onClose, onRun }: { onClose: () => void; onRun: (action: BulkAction) => void }) {
  const [poll, setPoll] = useState<number | ''>('');
  const [heartbeat, setHeartbeat] = useState<number | ''>('');
  const [setsNetworks, setSetsNetworks] = useState(false);
  const [networkIds, setNetworkIds] = useState<number[]>([]);
  const change = {
    ...(poll === '' ? {} : { pollIntervalSeconds: poll }),
    ...(heartbeat === '' ? {} : { heartbeatSeconds: heartbeat }),
    ...(setsNetworks ? { networkIds } : {}),
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onRun({ kind: 'change', change });
      }}
    >
      <Stack gap="sm">
        <NumberInput
          label="Polling interval, seconds"
          description="Leave it empty to keep what each has"
          min={applianceLimits.pollIntervalMin}
          max={applianceLimits.pollIntervalMax}
          value={poll}
          onChange={(next) => setPoll(next === '' ? '' : Number(next))}
          data-autofocus
        />
        <NumberInput
          label="Heartbeat, seconds"
          description="Leave it empty to keep what each has"
          min={60}
          max={14_400}
          value={heartbeat}
          onChange={(next) => setHeartbeat(next === '' ? '' : Number(next))}
        />
        <Checkbox
          label="Set the networks of all of them"
          checked={setsNetworks}
          onChange={(event) => setSetsNetworks(event.currentTarget.checked)}
        />
        {setsNetworks ? <NetworkChoice value={networkIds} onChange={setNetworkIds} /> : null}
        <Buttons onClose={onClose} verb="Save for all" ready={Object.keys(change).length > 0} />
      </Stack>
    </form>
  );
}

function Buttons({ onClose, verb, ready }: { onClose: () => void; verb: string; ready: boolean }) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onClose}>
        Keep them
      </Button>
      <Button type="submit" disabled={!ready}>
        {verb}
      </Button>
    </Group>
  );
}
