import { canonicalIp } from '@picket/base/ip';
import type { ScanDetail } from '@picket/contracts/api/scan';
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './scan.module.css';

/** Asks why an address (or a name of the targets) is in the results or is not; the answer opens beside the list. */
export function WhyField({ names, onAsk }: { names: ScanDetail['plan']['names']; onAsk: (address: string) => void }) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  function ask(): void {
    const text = typed.trim();
    const named = names.find(({ name }) => name === text.toLowerCase())?.addresses[0];
    const address = named ?? canonicalIp(text);
    if (address !== null) onAsk(address);
    setError(address === null ? 'Write one address, for example 10.0.0.7, or a name of the targets.' : null);
  }
  return (
    <form
      className={classes.why}
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <TextInput
        size="xs"
        aria-label="Why is an address missing?"
        placeholder="Why is … missing? An address"
        value={typed}
        error={error}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button size="xs" variant="default" type="submit">
        Ask
      </Button>
    </form>
  );
}
