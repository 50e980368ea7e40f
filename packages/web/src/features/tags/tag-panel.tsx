import type { Tag } from '@picket/contracts/api/tag';
import { useMay } from '../../shared/api/use-session.ts';
import { AppLink } from '../../shared/components/app-link.tsx';
import { EditAndDelete } from '../../shared/components/edit-and-delete.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
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
        <EditAndDelete
          what="tag"
          name={one.name}
          consequence="It is taken from all assets. The assets stay."
          path={`/tags/${one.id}`}
          stale={['/tags', '/assets']}
          onDeleted={onClose}
        >
          {(close) => <TagForm before={one} onDone={close} />}
        </EditAndDelete>
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
