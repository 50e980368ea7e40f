import type { PlanPreview } from '@picket/contracts/api/scan';
import { Title } from '@mantine/core';
import { ErrorState } from '../components/error-state.tsx';
import { Fact, Facts } from '../components/facts.tsx';
import { formatDuration } from '../format/duration.ts';
import { formatCount } from '../format/number.ts';
import { phaseWords } from '../format/words.ts';
import { localPlan } from '../plan/local-plan.ts';
import { type Draft, hasFoundTargets, requestOf } from './draft.ts';
import { ExcludedParts } from './excluded-parts.tsx';
import classes from './launch.module.css';
import { OutlookFacts } from './outlook-facts.tsx';

/** The plan: what would be sent where, how fast, how long, by whom. Figures from the planner here at once, then the platform's. */
export function PlanPanel(props: { draft: Draft; plan: PlanPreview | undefined; error: unknown; asking: boolean }) {
  const request = requestOf(props.draft);
  const local = request === null || hasFoundTargets(props.draft) ? null : localPlan(request);
  const estimate = local?.ok ? local.value.estimate : local === null && request !== null ? props.plan : null;
  return (
    <section className={classes.plan} aria-label="Plan" aria-busy={props.asking}>
      <Title order={2}>Plan</Title>
      {request === null ? <div>Write targets, and the plan appears here before anything is sent.</div> : null}
      {local?.ok === false ? <div>Mend what is marked; the plan appears when everything can be read.</div> : null}
      {estimate ? (
        <Facts>
          <Fact name="Addresses">{formatCount(props.plan?.addresses ?? estimate.addresses)}</Fact>
          <Fact name="Ports each">{formatCount(estimate.ports)}</Fact>
          <Fact name="Packets">at most {formatCount(estimate.packets)}</Fact>
          <Fact name="Rate">at most {formatCount(estimate.rate)}/s</Fact>
          <Fact name="Duration">at most {formatDuration(estimate.seconds)}</Fact>
        </Facts>
      ) : null}
      {estimate && props.plan && props.error === null ? <ServerFacts plan={props.plan} /> : null}
      {props.error ? <ErrorState error={props.error} /> : null}
    </section>
  );
}

function ServerFacts({ plan }: { plan: PlanPreview }) {
  return (
    <>
      <Facts>
        <Fact name="Phases">{plan.phases.map((phase) => phaseWords[phase]).join(', ')}</Fact>
        <Fact name="Slices">{formatCount(plan.slices)}</Fact>
        <Fact name="Excluded">
          <ExcludedParts parts={plan.excluded} />
        </Fact>
        <OutlookFacts outlook={plan.outlook} />
        {plan.names.map((name) => (
          <Fact key={name.name} name={name.name}>
            <span className="pk-mono">{name.addresses.join(', ')}</span>
          </Fact>
        ))}
      </Facts>
      {plan.warnings.length > 0 ? (
        <ul className={classes.warnings} aria-label="Warnings">
          {plan.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      ) : null}
    </>
  );
}
