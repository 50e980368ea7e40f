import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ApplianceStatus } from '../../shared/appliances/appliance-status.tsx';
import { CodeBox } from '../../shared/appliances/code-box.tsx';
import { Address } from '../../shared/components/address.tsx';
import { Confidence } from '../../shared/components/confidence.tsx';
import { ConfirmByName } from '../../shared/components/confirm-by-name.tsx';
import { DialogButton } from '../../shared/components/dialog-button.tsx';
import { EmptyState } from '../../shared/components/empty-state.tsx';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { Evidence } from '../../shared/components/evidence.tsx';
import { FormDialog } from '../../shared/components/form-dialog.tsx';
import { Page, Section } from '../../shared/components/page.tsx';
import { PhaseBars } from '../../shared/components/phase-bar.tsx';
import { FilterBar, FilterChips, FixedChip, QueryLine } from '../../shared/components/query-line.tsx';
import { ScanStatus } from '../../shared/components/scan-status.tsx';
import { SendForm } from '../../shared/components/send-form.tsx';
import { Severity, SeverityCounts, worstFirst } from '../../shared/components/severity.tsx';
import { SidePanel } from '../../shared/components/side-panel.tsx';
import { ExactTime, Time } from '../../shared/components/time.tsx';
import { UndoToast } from '../../shared/components/undo-toast.tsx';
import { NotKnown, Unknown, UnknownBlock } from '../../shared/components/unknown.tsx';
import { reasonWords } from '../../shared/format/words.ts';
import { TargetsInput } from '../../shared/launch/targets-input.tsx';
import { ConnectionMark, NewPill } from '../../shared/live/connection-mark.tsx';
import classes from './components.module.css';
import { sampleCounts, samplePhases, sampleProblem } from './samples.ts';
import { TableSamples } from './table-samples.tsx';

/** Every component in every state. */
export function ComponentsPage() {
  return (
    <Page title="Components">
      <div className={classes.grid}>
        <Meaning />
        <States />
        <Inputs />
        <Messages />
      </div>
      <TableSamples />
    </Page>
  );
}

function Meaning() {
  return (
    <>
      <Section title="Severity">
        <div className={classes.row}>
          {worstFirst.map((severity) => (
            <Severity key={severity} severity={severity} />
          ))}
        </div>
        <div className={classes.row}>
          <SeverityCounts counts={sampleCounts} />
          <SeverityCounts counts={{ critical: 0, high: 0, medium: 0, low: 0, info: 0 }} />
        </div>
      </Section>
      <Section title="Confidence">
        <div className={classes.row}>
          <Confidence proof="behaviour" />
          <Confidence proof="package" />
          <Confidence proof="version-banner" />
        </div>
      </Section>
      <Section title="Unknown">
        <div className={classes.row}>
          {Object.keys(reasonWords).map((reason) => (
            <Unknown key={reason} reason={reason} />
          ))}
          <NotKnown />
        </div>
        <UnknownBlock reason="filtered" count="3 units" />
      </Section>
      <Section title="PhaseBar">
        <PhaseBars phases={samplePhases} empty="waiting" />
      </Section>
    </>
  );
}

function States() {
  return (
    <>
      <Section title="Status">
        <div className={classes.row}>
          {(['queued', 'running', 'pausing', 'paused', 'canceling', 'canceled', 'finished', 'error'] as const).map(
            (status) => (
              <ScanStatus key={status} status={status} complete={null} />
            ),
          )}
          <ScanStatus status="finished" complete={false} />
        </div>
        <div className={classes.row}>
          <ApplianceStatus appliance={{ state: 'active', online: true }} />
          <ApplianceStatus appliance={{ state: 'active', online: false }} />
          <ApplianceStatus appliance={{ state: 'provisioned', online: false }} />
          <ApplianceStatus appliance={{ state: 'revoked', online: false }} />
          <ApplianceStatus appliance={{ state: 'suspect', online: false }} />
        </div>
        <div className={classes.row}>
          {(['connecting', 'live', 'reconnecting', 'stale'] as const).map((connection) => (
            <ConnectionMark key={connection} connection={connection} />
          ))}
          <NewPill count={12} onShow={() => {}} />
        </div>
      </Section>
      <Section title="Time and Address">
        <div className={classes.row}>
          <Time at="2026-01-02T03:04:05.000Z" />
          <Time at={null} />
          <ExactTime at="2026-01-02T03:04:05.000Z" />
        </div>
        <div className={classes.row}>
          <Address>10.20.30.40</Address>
          <Address>2001:db8::7</Address>
          <Address>443/tcp</Address>
        </div>
      </Section>
    </>
  );
}

function Inputs() {
  const [chips, setChips] = useState('high');
  const [targets, setTargets] = useState('10.0.0.0/24, 010.1.2.3, 10.0.0.0/33');
  return (
    <>
      <Section title="QueryLine and chips">
        <FilterBar>
          <QueryLine label="Search samples" placeholder="Search" value="" onChange={() => {}} />
          <FilterChips
            label="Sample severity"
            options={worstFirst.map((value) => ({ value, label: <Severity severity={value} /> }))}
            value={chips}
            onChange={setChips}
          />
          <FixedChip onRemove={() => {}}>Asset 7</FixedChip>
        </FilterBar>
      </Section>
      <Section title="Targets">
        <TargetsInput label="Targets" value={targets} onChange={setTargets} />
      </Section>
      <Section title="Codes">
        <CodeBox label="Personalization code" code="20241234567890" />
      </Section>
    </>
  );
}

function Messages() {
  const [panel, setPanel] = useState(false);
  return (
    <>
      <Section title="EmptyState">
        <EmptyState
          title="Nothing here yet"
          sentence="One sentence says what would be here."
          action={<Button>One button</Button>}
          example="one example"
        />
      </Section>
      <Section title="ErrorState">
        <ErrorState error={sampleProblem} onRetry={() => {}} />
      </Section>
      <Section title="Evidence">
        <Evidence label="Response" text={'HTTP/1.1 200 OK\r\nServer: sample/1.0\r\n\r\n<title>Index of /</title>'} />
      </Section>
      <Section title="ConfirmByName, SendForm, UndoToast, SidePanel">
        <div className={classes.row}>
          <DialogButton label="Delete sample">
            {(close) => (
              <ConfirmByName
                title="Delete sample?"
                consequence="It would be gone."
                name="sample"
                verb="Delete"
                onConfirm={close}
                onClose={close}
              />
            )}
          </DialogButton>
          <DialogButton label="Edit sample">
            {(close) => (
              <FormDialog title="Edit sample" onClose={close}>
                <SendForm send={{ isPending: false, error: sampleProblem }} verb="Save sample" onSubmit={close}>
                  <TextInput label="Name" defaultValue="sample" data-autofocus />
                </SendForm>
              </FormDialog>
            )}
          </DialogButton>
          <Button variant="default" onClick={() => setPanel(true)}>
            Open panel
          </Button>
        </div>
        <UndoToast message="Scan paused" onUndo={() => {}} />
        {panel ? (
          <SidePanel title="Sample" label="Sample panel" onClose={() => setPanel(false)}>
            Content of the panel.
          </SidePanel>
        ) : null}
      </Section>
    </>
  );
}
