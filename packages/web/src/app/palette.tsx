import { asset } from '@picket/contracts/api/inventory';
import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useList } from '../shared/api/use-list.ts';
import { useMay } from '../shared/api/use-session.ts';
import type { ScanPrefill } from '../shared/launch/new-scan-context.ts';
import { paths } from '../shared/paths.ts';
import { type Command, matchCommands } from './match-commands.ts';
import { places, settings } from './places.ts';
import classes from './palette.module.css';
import { Dialog } from '../shared/components/dialog.tsx';

interface Actions {
  readonly onNewScan: (prefill?: ScanPrefill) => void;
  readonly onStopAll: () => void;
}

/** Ctrl-K: places, actions and assets by a few letters. */
export function Palette({
  onClose,
  ...actions
}: Actions & {
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const commands = useCommands(typed, actions);
  const list = useId();
  const chosen = Math.min(active, commands.length - 1);
  function run(command: Command | undefined): void {
    if (!command) return;
    onClose();
    command.run();
  }
  return (
    <Dialog onClose={onClose} withCloseButton={false} padding={0} yOffset="12vh" size={560} aria-label="Search">
      <TextInput
        variant="unstyled"
        px="md"
        size="md"
        placeholder="Go to a place, do something, find an asset"
        role="combobox"
        aria-label="Search places, actions and assets"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={`${list}-${chosen}`}
        value={typed}
        data-autofocus
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setActive(Math.min(chosen + 1, commands.length - 1));
          else if (event.key === 'ArrowUp') setActive(Math.max(chosen - 1, 0));
          else if (event.key === 'Enter') run(commands[chosen]);
          else return;
          event.preventDefault();
        }}
      />
      <div id={list} role="listbox" aria-label="Results" className={classes.list}>
        {commands.map((command, index) => (
          <div
            key={command.key}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={classes.option}
            onClick={() => run(command)}
          >
            <span className="pk-truncate">{command.name}</span>
            <span className={classes.kind}>{command.kind}</span>
          </div>
        ))}
        {commands.length === 0 ? <div className={classes.none}>Nothing fits “{typed}”.</div> : null}
      </div>
    </Dialog>
  );
}

function useCommands(typed: string, { onNewScan, onStopAll }: Actions): readonly Command[] {
  const navigate = useNavigate();
  const may = useMay();
  const [rested] = useDebouncedValue(typed.trim(), 150);
  const found = useList(asset, '/assets', { q: rested }, { limit: 8, enabled: rested.length > 1 });
  const go = (to: string) => () => void navigate({ to, search: {} });
  const fixed: Command[] = [
    ...(may.scan
      ? [
          { key: 'new-scan', name: 'New scan', kind: 'Action', run: () => onNewScan() },
          { key: 'new-map', name: 'New map', kind: 'Action', run: () => onNewScan({ kind: 'map' }) },
        ]
      : []),
    { key: paths.schedules, name: 'Schedules', kind: 'Place', run: go(paths.schedules) },
    ...(may.manageAppliances ? [{ key: 'stop-all', name: 'Stop all', kind: 'Action', run: onStopAll }] : []),
    ...[...places, ...settings.filter((place) => place.needs === undefined || may[place.needs])].map((place) => ({
      key: place.to,
      name: place.name,
      kind: 'Place',
      run: go(place.to),
    })),
  ];
  const assets =
    rested.length > 1
      ? found.items.map((one) => ({
          key: `asset-${one.id}`,
          name: `${one.address} ${one.name ?? ''}`,
          kind: 'Asset',
          run: go(paths.asset(one.id)),
        }))
      : [];
  return [...matchCommands(fixed, typed), ...assets];
}
