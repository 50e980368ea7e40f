import { network } from '@picket/contracts/api/network';
import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { useList } from '../../shared/api/use-list.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { plural } from '../../shared/format/number.ts';
import { formatRanges } from '../../shared/format/range.ts';
import { NetworkForm } from '../../shared/networks/network-form.tsx';
import classes from './setup.module.css';

/** What is registered already (loopback is there for trying out), and a form for more. */
export function NetworksStep({ onNext }: { onNext: () => void }) {
  const list = useList(network, '/networks', {}, { limit: 500 });
  const [adding, setAdding] = useState(false);
  const showForm = adding || (!list.loading && list.items.length === 0);
  return (
    <Stack gap="md">
      {list.error ? <ErrorState error={list.error} onRetry={list.retry} /> : null}
      <ul className={classes.list} aria-label="Registered networks">
        {list.items.map((one) => (
          <li key={one.id}>
            <strong>{one.name}</strong>
            <span className="pk-mono">{formatRanges(one.ranges)}</span>
            <span>{plural(one.addresses, 'address', 'addresses')}</span>
          </li>
        ))}
      </ul>
      {showForm ? <NetworkForm onDone={() => setAdding(false)} /> : null}
      <Group justify="flex-end">
        {showForm ? null : (
          <Button variant="default" onClick={() => setAdding(true)}>
            Add a network
          </Button>
        )}
        <Button variant={showForm ? 'default' : 'filled'} onClick={onNext} disabled={list.items.length === 0}>
          Continue
        </Button>
      </Group>
    </Stack>
  );
}
