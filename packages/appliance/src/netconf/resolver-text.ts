import type { ResolverPlan } from './network-plan.ts';

/** resolv.conf(5) of a plan. The C library asks three servers at most. Pure. */
export function resolverText({ servers, search }: ResolverPlan): string {
  return [
    ...(search.length === 0 ? [] : [`search ${search.join(' ')}`]),
    ...servers.slice(0, 3).map((server) => `nameserver ${server}`),
    'options timeout:2 attempts:2',
    '',
  ].join('\n');
}
