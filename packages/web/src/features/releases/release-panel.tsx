import { type Release, release } from '@picket/contracts/api/release';
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { formatBytes, plural } from '../../shared/format/number.ts';

const states = {
  current: 'current: what appliances should have',
  replaced: 'replaced by another one',
  withdrawn: 'withdrawn: no appliance is given it any more',
} as const;

/** One release: what it is, and what a Manager may do with it. */
export function ReleasePanel({ release: one, onClose }: { release: Release; onClose: () => void }) {
  const [dialog, setDialog] = useState<'back' | 'withdraw' | null>(null);
  const may = useMay();
  const stale = ['/releases', '/appliances'];
  const back = useSend({
    schema: release,
    method: 'POST',
    path: `/releases/${one.id}/current`,
    body: () => ({ rollback: true }),
    stale,
  });
  const withdraw = useSend({ schema: z.unknown(), method: 'DELETE', path: `/releases/${one.id}`, stale });
  const close = () => setDialog(null);
  return (
    <SidePanel title={`${one.kind} ${one.version}`} label="Release" onClose={onClose}>
      {may.manage && one.state !== 'withdrawn' ? (
        <Group gap="xs" mb="md">
          {one.state === 'replaced' ? (
            <Button variant="default" onClick={() => setDialog('back')}>
              Make current
            </Button>
          ) : null}
          <Button variant="default" onClick={() => setDialog('withdraw')}>
            Withdraw
          </Button>
        </Group>
      ) : null}
      <Facts>
        <Fact name="State">
          {states[one.state]}
          {one.rollback ? '; appliances may go back to it' : ''}
        </Fact>
        <Fact name="Name">{one.name}</Fact>
        <Fact name="Holds">{`${plural(one.files, 'file')}, ${formatBytes(one.bytes)}`}</Fact>
        <Fact name="Level">{one.level}</Fact>
        <Fact name="Signed by">
          <span className="pk-mono">{one.keyId}</span>
        </Fact>
        <Fact name="SHA-256">
          <span className="pk-mono">{one.sha256}</span>
        </Fact>
        <Fact name="Made">
          <Time at={one.created} />
        </Fact>
        <Fact name="Published">
          <Time at={one.publishedAt} /> by {one.publishedBy}
        </Fact>
      </Facts>
      {dialog === 'back' ? (
        <ConfirmByName
          opened
          title={`Make ${one.version} current?`}
          consequence="Every appliance with another version installs this one, also where that means to go back."
          name={one.version}
          verb="Make current"
          busy={back.isPending}
          error={back.error}
          onClose={close}
          onConfirm={() => back.mutate(undefined, { onSuccess: close })}
        />
      ) : null}
      {dialog === 'withdraw' ? (
        <ConfirmByName
          opened
          title="Withdraw this release?"
          consequence="No appliance is given it any more. Those that have it keep it."
          name={one.version}
          verb="Withdraw"
          busy={withdraw.isPending}
          error={withdraw.error}
          onClose={close}
          onConfirm={() => withdraw.mutate(undefined, { onSuccess: close })}
        />
      ) : null}
    </SidePanel>
  );
}
