import type { Tag } from '@picket/contracts/api/tag';
import { Button } from '@mantine/core';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { ConfirmDelete } from '../../shared/components/confirm-delete.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { paths } from '../../shared/paths.ts';
import { rulePartsOf } from './rule-words.ts';
import { TagForm } from './tag-form.tsx';

/** One tag: its rule, and the way to its assets. */
export function TagPanel({ tag: one, onClose }: { tag: Tag; onClose: () => void }) {
  const may = useMay();
  return (
    <SidePanel title={one.name} label="Tag" onClose={onClose}>
      {may.manage ? (
        <Button.Group mb="md">
          <DialogButton label="Edit">
            {(close) => (
              <FormDialog title={`Edit ${one.name}`} size="lg" onClose={close}>
                <TagForm before={one} onDone={close} />
              </FormDialog>
            )}
          </DialogButton>
          <DialogButton label="Delete">
            {(close) => (
              <ConfirmDelete
                what="tag"
                consequence="It is taken from all assets. The assets stay."
                name={one.name}
                path={`/tags/${one.id}`}
                stale={['/tags', '/assets']}
                onClose={close}
                onDeleted={onClose}
              />
            )}
          </DialogButton>
        </Button.Group>
      ) : null}
      <Facts>
        <Fact name="Given">{one.kind === 'manual' ? 'by hand, in the list of assets' : 'by a rule'}</Fact>
        {(one.rule === null ? [] : rulePartsOf(one.rule)).map((part) => (
          <Fact key={part.name} name={part.name}>
            {part.text}
          </Fact>
        ))}
        <Fact name="Assets">
          <AppLink to={paths.assets} filters={{ tagId: String(one.id) }}>
            Show its assets
          </AppLink>
        </Fact>
        <Fact name="Changed">
          <Time at={one.updatedAt} /> by {one.updatedBy}
        </Fact>
      </Facts>
    </SidePanel>
  );
}
