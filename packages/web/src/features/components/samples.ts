import { ApiError } from '../../shared/api/api-error.ts';

export const sampleCounts = { critical: 1, high: 4, medium: 12, low: 3, info: 40 };

export const samplePhases = [
  { phase: 'discovery', pending: 0, running: 0, done: 16, notEvaluable: 0, cancelled: 0 },
  { phase: 'ports', pending: 20, running: 8, done: 60, notEvaluable: 12, cancelled: 0 },
  { phase: 'services', pending: 70, running: 4, done: 26, notEvaluable: 0, cancelled: 0 },
  { phase: 'checks', pending: 0, running: 0, done: 0, notEvaluable: 0, cancelled: 0 },
] as const;

export const sampleProblem = new ApiError({
  type: 'about:blank',
  title: 'The target is not registered',
  status: 422,
  code: 'scan.target-not-registered',
  detail: '10.9.0.0/16 is in none of the ranges of the network "Head office".',
  hint: 'Register the range under Settings > Networks, or leave it out.',
  errors: [],
  requestId: 'req-7f3a9c21',
});
