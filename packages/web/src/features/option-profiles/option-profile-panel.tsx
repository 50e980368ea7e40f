import type { OptionProfile } from '@picket/contracts/api/option-profile';
import { Button } from '@mantine/core';
import { useMay } from '../../shared/api/use-session.ts';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
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
  const may = useMay();
  const { options } = one;
  // Only Managers save intrusive checks.
  const givable = may.manage ? options : { ...options, intrusive: false };
  return (
    <SidePanel title={one.name} label="Option profile" onClose={onClose}>
      <Button.Group mb="md">
        {one.mayChange ? (
          <DialogButton label="Edit">
            {(close) => (
              <FormDialog title={`Edit ${one.name}`} size="lg" onClose={close}>
                <OptionProfileForm
                  name={one.name}
                  options={givable}
                  id={one.id}
                  onDone={(saved) => {
                    close();
                    onSaved(saved.id);
                  }}
                />
              </FormDialog>
            )}
          </DialogButton>
        ) : null}
        {may.scan ? (
          <DialogButton label="Copy">
            {(close) => (
              <FormDialog title={`Copy ${one.name}`} size="lg" onClose={close}>
                <OptionProfileForm
                  name={`Copy of ${one.name}`}
                  options={givable}
                  onDone={(saved) => {
                    close();
                    onSaved(saved.id);
                  }}
                />
              </FormDialog>
            )}
          </DialogButton>
        ) : null}
        {one.mayChange ? (
          <DialogButton label="Delete">
            {(close) => (
              <ConfirmDelete
                what="option profile"
                consequence="Nobody can choose it any more. Jobs that ran with it keep its options. It stays while a schedule uses it."
                name={one.name}
                path={`/option-profiles/${one.id}`}
                stale={['/option-profiles']}
                onClose={close}
                onDeleted={onClose}
              />
            )}
          </DialogButton>
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
    </SidePanel>
  );
}
