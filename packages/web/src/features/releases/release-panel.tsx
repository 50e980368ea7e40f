import { type Release, release } from '@picket/contracts/api/release';
import { Button } from '@mantine/core';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { formatBytes, plural } from '../../shared/format/number.ts';

const states = {
  current: 'current: what appliances should have',
  replaced: 'replaced by another one',
  withdrawn: 'withdrawn: no appliance is given it any more',
} as const;

const stale = ['/releases', '/appliances'];

/** One release: what it is, and what a Manager may do with it. */
export function ReleasePanel({ release: one, onClose }: { release: Release; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={`${one.kind} ${one.version}`} label="Release" onClose={onClose}>
      {may.manage && one.state !== 'withdrawn' ? (
        <Button.Group mb="md">
          {one.state === 'replaced' ? (
            <DialogButton label="Make current">{(close) => <MakeCurrent release={one} onClose={close} />}</DialogButton>
          ) : null}
          <DialogButton label="Withdraw">
            {(close) => (
              <ConfirmDelete
                what="release"
                verb="Withdraw"
                consequence="No appliance is given it any more. Those that have it keep it."
                name={one.version}
                path={`/releases/${one.id}`}
                stale={stale}
                onClose={close}
              />
            )}
          </DialogButton>
        </Button.Group>
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
    </SidePanel>
  );
}

function MakeCurrent({ release: one, onClose }: { release: Release; onClose: () => void }) {
  const back = useSend({
    schema: release,
    method: 'POST',
    path: `/releases/${one.id}/current`,
    body: () => ({ rollback: true }),
    stale,
  });
  return (
    <ConfirmByName
      title={`Make ${one.version} current?`}
      consequence="Every appliance with another version installs this one, also where that means to go back."
      name={one.version}
      verb="Make current"
      busy={back.isPending}
      error={back.error}
      onClose={onClose}
      onConfirm={() => back.mutate(undefined, { onSuccess: onClose })}
    />
  );
}
