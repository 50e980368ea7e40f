import { CopyButton, UnstyledButton } from '@mantine/core';
import classes from './evidence.module.css';

/** A raw exchange from the network, shown as it was, never interpreted: a bounded block that can be copied. */
export function Evidence({ label, text }: { label: string; text: string }) {
  return (
    <figure className={classes.evidence}>
      <figcaption className={classes.head}>
        <span>{label}</span>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <UnstyledButton className={classes.copy} onClick={copy} aria-label={`Copy ${label.toLowerCase()}`}>
              {copied ? 'Copied' : 'Copy'}
            </UnstyledButton>
          )}
        </CopyButton>
      </figcaption>
      <pre className={classes.text} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </figure>
  );
}

/** Stands where a raw exchange would, so that it is not taken for one that never was. */
export function TrimmedEvidence() {
  return (
    <div>
      The evidence was trimmed on the appliance while the platform was out of reach. Scan the host again to see the raw
      exchange.
    </div>
  );
}
