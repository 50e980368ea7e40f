import { appliance } from '@picket/contracts/api/appliance';
import { Button, Group, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { ActivateForm } from '../../shared/appliances/activate-form.tsx';
import { ApplianceStatus } from '../../shared/appliances/appliance-status.tsx';
import { ProvisionForm } from '../../shared/appliances/provision-form.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { say } from '../../shared/components/undo-toast.tsx';
import classes from './setup.module.css';

/** What is connected already, and both ways to connect another. */
export function ApplianceStep({ onNext }: { onNext: () => void }) {
  const list = useList(appliance, '/appliances', {}, { refetchMs: 5000, limit: 500 });
  const [way, setWay] = useState<string>('none');
  const none = !list.loading && list.items.length === 0;
  const shown = way === 'none' && none ? 'activate' : way;
  return (
    <Stack gap="md">
      {list.error ? <ErrorState error={list.error} onRetry={list.retry} /> : null}
      <ul className={classes.list} aria-label="Connected appliances">
        {list.items.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong>
            <span className="pk-mono">{one.lanAddress}</span>
            <ApplianceStatus appliance={one} />
          </li>
        ))}
      </ul>
      {none || way !== 'none' ? (
        <>
          <SegmentedControl
            aria-label="How to connect"
            value={shown}
            onChange={setWay}
            data={[
              { value: 'activate', label: 'The appliance shows a code' },
              { value: 'provision', label: 'I need a code for it' },
            ]}
          />
          {shown === 'activate' ? <ActivateForm onDone={(name) => say(`${name} is activated`)} /> : <ProvisionForm />}
        </>
      ) : null}
      <Group justify="flex-end">
        {way === 'none' && !none ? (
          <Button variant="default" onClick={() => setWay('activate')}>
            Connect another
          </Button>
        ) : null}
        <Button variant={none || way !== 'none' ? 'default' : 'filled'} onClick={onNext}>
          Continue
        </Button>
      </Group>
    </Stack>
  );
}
