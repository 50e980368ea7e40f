import type { Tag } from '@picket/contracts/api/tag';
import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { Time } from '../../shared/components/time.tsx';
import { paths } from '../../shared/paths.ts';
import { rulePartsOf } from './rule-words.ts';
import { TagForm } from './tag-form.tsx';

/** One tag: its rule, and the way to its assets. */
export function TagPanel({ tag: one, onClose }: { tag: Tag; onClose: () => void }) {
  const [dialog, setDialog] = useState<'edit' | 'delete' | null>(null);
  const may = useMay();
  const remove = useSend({
    schema: z.unknown(),
    method: 'DELETE',
    path: `/tags/${one.id}`,
    stale: ['/tags', '/assets'],
  });
  return (
    <SidePanel title={one.name} label="Tag" onClose={onClose}>
      {may.manage ? (
        <Button.Group mb="md">
          <Button variant="default" onClick={() => setDialog('edit')}>
            Edit
          </Button>
          <Button variant="default" onClick={() => setDialog('delete')}>
            Delete
          </Button>
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
      {dialog === 'edit' ? (
        <Modal opened onClose={() => setDialog(null)} title={`Edit ${one.name}`} size="lg">
          <TagForm before={one} onDone={() => setDialog(null)} />
        </Modal>
      ) : null}
      {dialog === 'delete' ? (
        <ConfirmByName
          opened
          title="Delete this tag?"
          consequence="It is taken from all assets. The assets stay."
          name={one.name}
          verb="Delete tag"
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
        />
      ) : null}
    </SidePanel>
  );
}
