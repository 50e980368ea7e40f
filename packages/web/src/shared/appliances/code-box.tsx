import { Button, CopyButton } from '@mantine/core';
import classes from './appliances.module.css';

/** A code to be typed or copied elsewhere. */
export function CodeBox({ label, code }: { label: string; code: string }) {
  return (
    <div>
      <div style={{ fontWeight: 600, marginBottom: 4 }}>{label}</div>
      <div className={classes.code}>
        <output aria-label={label} data-long={code.length > 24}>
          {code}
        </output>
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} aria-label={`Copy ${label.toLowerCase()}`}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
