import type { SessionState } from '@picket/contracts/api/session';
import { Button, Group } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { z } from 'zod';
import { useSend } from '../../shared/api/use-send.ts';
import { ErrorState } from '../../shared/components/error-state.tsx';
import { useFilters } from '../../shared/components/use-filters.ts';
import { paths } from '../../shared/paths.ts';
import { currentStep, type Step, steps, stepWords } from './steps.ts';
import classes from './setup.module.css';

// One step is shown at a time.
const PasswordForm = lazy(() =>
  import('../../shared/account/password-form.tsx').then((module) => ({ default: module.PasswordForm })),
);
const TermsForm = lazy(() =>
  import('../../shared/account/terms-form.tsx').then((module) => ({ default: module.TermsForm })),
);
const NetworksStep = lazy(() => import('./networks-step.tsx').then((module) => ({ default: module.NetworksStep })));
const ApplianceStep = lazy(() => import('./appliance-step.tsx').then((module) => ({ default: module.ApplianceStep })));
const ScanForm = lazy(() =>
  import('../../shared/launch/scan-form.tsx').then((module) => ({ default: module.ScanForm })),
);

/** The first run: from the one-time password to the first scan. Every step can be left and taken up again. */
export function SetupPage({ session }: { session: SessionState }) {
  const [filters, setFilters] = useFilters();
  const navigate = useNavigate();
  const step = currentStep(session, filters.step);
  const complete = useSend({
    schema: z.unknown(),
    method: 'POST',
    path: '/setup/complete',
    body: () => ({}),
    stale: ['/session', '/setup'],
  });
  useEffect(() => {
    document.title = `${stepWords[step].title} · Set up Picket`;
  }, [step]);
  const go = (next: Step) => setFilters({ step: next });
  const finish = (to: string) => complete.mutate(undefined, { onSuccess: () => void navigate({ to, search: {} }) });
  return (
    <main className={classes.setup}>
      <div className={classes.brand}>
        <img src="/icon.svg" alt="" width="24" height="24" /> Set up Picket
      </div>
      <StepList step={step} />
      <div className={`pk-card ${classes.card}`} data-wide={step === 'scan'}>
        <h1 className={classes.title}>{stepWords[step].title}</h1>
        <p className={classes.lead}>{stepWords[step].lead}</p>
        <Suspense fallback={null}>
          {step === 'password' ? <PasswordForm submit="Set password" /> : null}
          {step === 'terms' ? <TermsForm onDone={() => go('networks')} /> : null}
          {step === 'networks' ? <NetworksStep onNext={() => go('appliance')} /> : null}
          {step === 'appliance' ? <ApplianceStep onNext={() => go('scan')} /> : null}
          {step === 'scan' ? <ScanForm onLaunched={(id) => finish(paths.scan(id))} /> : null}
        </Suspense>
        {complete.error ? <ErrorState error={complete.error} /> : null}
      </div>
      {step === 'password' || step === 'terms' ? null : (
        <Group>
          <Button variant="subtle" loading={complete.isPending} onClick={() => finish(paths.overview)}>
            {step === 'scan' ? 'Finish without a scan' : 'Skip the rest of the set-up'}
          </Button>
        </Group>
      )}
    </main>
  );
}

function StepList({ step }: { step: Step }) {
  const at = steps.indexOf(step);
  return (
    <ol className={classes.steps} aria-label="Steps">
      {steps.map((one, index) => (
        <li
          key={one}
          data-state={index < at ? 'done' : index === at ? 'now' : 'later'}
          {...(index === at ? { 'aria-current': 'step' as const } : {})}
        >
          <span aria-hidden="true">{index < at ? '✓' : index + 1}</span> {stepWords[one].short}
        </li>
      ))}
    </ol>
  );
}
