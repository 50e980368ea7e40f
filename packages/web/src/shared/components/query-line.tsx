import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import classes from './query-line.module.css';
import { useRested } from './use-rested.ts';

/** The one search field of a list. `/` focuses it. */
export function QueryLine(props: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const [typed, setTyped] = useRested(props.value, props.onChange);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inField = event.target instanceof HTMLElement && event.target.closest('input, textarea, select') !== null;
      if (event.key !== '/' || inField) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <TextInput
      ref={field}
      size="xs"
      className={classes.query ?? ''}
      aria-label={props.label}
      placeholder={props.placeholder}
      leftSection={<IconSearch size={14} aria-hidden="true" />}
      rightSection={
        typed === '' ? null : <CloseButton size="sm" aria-label="Clear search" onClick={() => setTyped('')} />
      }
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
}

/** A row of chips: each switches one value of a comma-separated filter. */
export function FilterChips(props: {
  label: string;
  options: readonly { readonly value: string; readonly label: React.ReactNode }[];
  value: string;
  onChange: (value: string) => void;
  /** One at most. */
  single?: boolean;
  /** The label is shown too: the options alone do not say of what they are. */
  shown?: boolean;
}) {
  const chosen = new Set(props.value.split(',').filter((one) => one !== ''));
  function toggle(value: string): void {
    const next = props.single ? new Set<string>() : new Set(chosen);
    if (chosen.has(value)) next.delete(value);
    else next.add(value);
    props.onChange(props.options.flatMap((option) => (next.has(option.value) ? [option.value] : [])).join(','));
  }
  return (
    <div className={classes.chips} role="group" aria-label={props.label}>
      {props.shown ? (
        <span className={classes.label} aria-hidden="true">
          {props.label}
        </span>
      ) : null}
      {props.options.map((option) => (
        <button
          key={option.value}
          type="button"
          className={classes.chip}
          aria-pressed={chosen.has(option.value)}
          onClick={() => toggle(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}

/** A filter that came by a link (one asset, one scan) and can only be taken away. */
export function FixedChip({ children, onRemove }: { children: React.ReactNode; onRemove: () => void }) {
  return (
    <span className={classes.fixed}>
      {children}
      <CloseButton size="sm" aria-label="Remove this filter" onClick={onRemove} />
    </span>
  );
}

/** The line above a list: query, chips, counts. */
export function FilterBar({ children }: { children: React.ReactNode }) {
  return <div className={classes.bar}>{children}</div>;
}
