import type { ApplianceKindState } from '@picket/contracts/api/release';

/** Where a kind stands, as people read it. */
export function updateWords(state: ApplianceKindState): string {
  const to = state.version ?? state.wanted ?? '';
  switch (state.state) {
    case 'up-to-date':
      return 'up to date';
    case 'none':
      return 'nothing is published';
    case 'idle':
    case 'due':
      return `${state.wanted ?? to} waits for its time`;
    case 'downloading':
      return `downloading ${to}: ${state.percent ?? 0} %`;
    case 'verifying':
      return `checking ${to}`;
    case 'unpacking':
      return `unpacking ${to}`;
    case 'waiting':
      return `${to} waits for the slice that runs to end`;
    case 'switching':
      return `switching to ${to}`;
    case 'confirming':
      return `${to} is on trial`;
    case 'failed':
      return `${to} was refused: ${state.detail ?? state.code ?? 'no reason given'}`;
    case 'fell-back':
      return `${to} did not work, ${state.inUse} is in use again: ${state.detail ?? state.code ?? 'no reason given'}`;
  }
}

/** While something moves the panel looks again. */
export function isMoving(state: ApplianceKindState | null): boolean {
  if (state === null) return false;
  return !['up-to-date', 'none', 'idle', 'due', 'failed', 'fell-back'].includes(state.state);
}
