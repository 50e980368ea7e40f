import type { OptionProfile } from '@picket/contracts/api/option-profile';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { formatCount, plural } from '../../shared/format/number.ts';
import { OptionProfileForm } from './option-profile-form.tsx';
import { checksText, whoseText } from './option-words.ts';

interface Props {
  readonly profile: OptionProfile;
  readonly onClose: () => void;
  readonly onSaved: (id: number) => void;
}

/** One option profile: all it says, with the ways to change, copy and delete it. */
export function OptionProfilePanel({ profile: one, onClose, onSaved }: Props) {
  const [dialog, setDialog] = useState<'edit' | 'copy' | 'delete' | null>(null);
  const may = useMay();
  const { options } = one;
  const close = () => setDialog(null);
  return (
    <SidePanel title={one.name} label="Option profile" onClose={onClose}>
      <Button.Group mb="md">
        {one.mayChange ? (
          <Button variant="default" onClick={() => setDialog('edit')}>
            Edit
          </Button>
        ) : null}
        {may.scan ? (
          <Button variant="default" onClick={() => setDialog('copy')}>
            Copy
          </Button>
        ) : null}
        {one.mayChange ? (
          <Button variant="default" onClick={() => setDialog('delete')}>
            Delete
          </Button>
        ) : null}
      </Button.Group>
      <Facts>
        <Fact name="For">{whoseText(one)}</Fact>
        <Fact name="Intensity">{options.profile}</Fact>
        <Fact name="Rate">
          {options.rate === undefined ? 'as the intensity has it' : `at most ${formatCount(options.rate)}/s`}
        </Fact>
        <Fact name="Ports">
          <span className="pk-mono">{options.ports}</span>
        </Fact>
        <Fact name="Hosts">{options.assumeAlive ? 'every address is treated as alive' : 'only those that show'}</Fact>
        <Fact name="Looks for">{checksText(options)}</Fact>
        <Fact name="Version">{one.version}</Fact>
        <Fact name="Schedules">{plural(one.schedules, 'schedule')}</Fact>
        {one.updatedAt === null ? null : (
          <Fact name="Changed">
            <Time at={one.updatedAt} /> by {one.updatedBy}
          </Fact>
        )}
      </Facts>
      {dialog === 'edit' || dialog === 'copy' ? (
        <Modal opened onClose={close} title={dialog === 'edit' ? `Edit ${one.name}` : `Copy ${one.name}`} size="lg">
          <OptionProfileForm
            name={dialog === 'edit' ? one.name : `Copy of ${one.name}`}
            options={may.manage ? options : { ...options, intrusive: false }}
            {...(dialog === 'edit' ? { id: one.id } : {})}
            onDone={(saved) => {
              close();
              onSaved(saved.id);
            }}
          />
        </Modal>
      ) : null}
      {dialog === 'delete' ? <DeleteQuestion profile={one} onClose={close} onDeleted={onClose} /> : null}
    </SidePanel>
  );
}

function DeleteQuestion(props: { profile: OptionProfile; onClose: () => void; onDeleted: () => void }) {
  const { profile: one, onClose, onDeleted } = props;
  const remove = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: `/option-profiles/${one.id}`,
    stale: ['/option-profiles'],
  });
  return (
    <ConfirmByName
      opened
      title="Delete this option profile?"
      consequence="Nobody can choose it any more. Jobs that ran with it keep its options. It stays while a schedule uses it."
      name={one.name}
      verb="Delete option profile"
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onDeleted })}
    />
  );
}
