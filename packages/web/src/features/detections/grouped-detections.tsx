import type { Detection } from '@picket/contracts/api/inventory';
import { Button } from '@mantine/core';
import type { List } from '../../shared/api/use-list.ts';
import { Address } from '../../shared/components/address.tsx';
import { Severity } from '../../shared/components/severity.tsx';
import { formatCount, plural } from '../../shared/format/number.ts';
import { groupDetections } from '../../shared/inventory/group-detections.ts';
import { StatusWord } from '../../shared/inventory/detection-status.tsx';
import classes from './grouped-detections.module.css';

/** Detections under their check or asset. Groups cover what is loaded, and say so while more is to come. */
export function GroupedDetections(props: {
  list: List<Detection>;
  by: 'check' | 'asset';
  openKey: number;
  onOpen: (id: number) => void;
}) {
  const { list } = props;
  const groups = groupDetections(list.items, props.by);
  return (
    <div className={`pk-card ${classes.groups}`} tabIndex={0} role="region" aria-label="Grouped detections">
      {groups.map((group) => (
        <details key={group.key} open={groups.length <= 5}>
          <summary className={classes.summary}>
            <Severity severity={group.severity} />
            <span className="pk-truncate">{group.title}</span>
            <span className={classes.count}>{plural(group.detections.length, 'detection')}</span>
          </summary>
          <ul className={classes.members}>
            {group.detections.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className={classes.member}
                  aria-pressed={props.openKey === one.id}
                  onClick={() => props.onOpen(one.id)}
                >
                  <Severity severity={one.severity} />
                  <span className="pk-truncate">
                    {props.by === 'check' ? <Address>{one.address}</Address> : one.name}
                    {one.port === null ? null : <Address> :{one.port}</Address>}
                  </span>
                  <StatusWord status={one.status} />
                </button>
              </li>
            ))}
          </ul>
        </details>
      ))}
      {list.hasMore ? (
        <div className={classes.more}>
          Groups of the first {formatCount(list.items.length)} of {formatCount(list.total ?? 0)}.{' '}
          <Button variant="default" onClick={list.loadMore}>
            Load more
          </Button>
        </div>
      ) : null}
    </div>
  );
}
