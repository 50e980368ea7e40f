import { Textarea } from '@mantine/core';
import { formatCount, plural } from '../format/number.ts';
import { type ReadTargets, readTargets, tooMany } from '../plan/read-targets.ts';
import classes from './launch.module.css';

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
  readonly exclude?: string;
  /** What the platform says of this field. */
  readonly error?: string | null;
  readonly minRows?: number;
  readonly autoFocus?: boolean;
}

/** A target list, read by the planner as it is typed: faults inline with their line, counts at once. */
export function TargetsInput(props: Props) {
  const read = readTargets(props.value, props.exclude);
  return (
    <div>
      <Textarea
        label={props.label}
        description={props.description ?? 'Addresses, prefixes, ranges, names; commas, blanks or lines between'}
        placeholder={props.placeholder ?? '10.0.0.0/24, 10.0.1.5-20, web.example.org'}
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        error={props.error}
        autosize
        minRows={props.minRows ?? 3}
        maxRows={10}
        spellCheck={false}
        autoCapitalize="none"
        classNames={{ input: 'pk-mono' }}
        data-autofocus={props.autoFocus ? true : undefined}
      />
      <TargetsRead read={read} empty={props.value.trim() === ''} />
    </div>
  );
}

function TargetsRead({ read, empty }: { read: ReadTargets; empty: boolean }) {
  return (
    <div className={classes.read} aria-live="polite">
      {empty ? null : (
        <span>
          {plural(read.addresses, 'address', 'addresses')}
          {read.names.length > 0 ? ` + ${plural(read.names.length, 'name')}` : ''}
          {tooMany(read) ? ': more than one job takes (16,777,216)' : ''}
        </span>
      )}
      {read.errors.slice(0, 5).map((error) => (
        <div key={`${error.line}-${error.item}`} className={classes.fault}>
          {error.line > 1 ? `Line ${error.line}: ` : ''}
          {error.message}
        </div>
      ))}
      {read.errors.length > 5 ? (
        <div className={classes.fault}>and {formatCount(read.errors.length - 5)} more</div>
      ) : null}
    </div>
  );
}
