import { Hint } from './hint.tsx';
import { proofWords } from '../format/words.ts';

/** How sure a finding is, by its class of proof: word first, the reason on hover and focus. */
export function Confidence({ proof }: { proof: keyof typeof proofWords }) {
  const words = proofWords[proof];
  return (
    <Hint label={words.meaning}>
      <span style={{ borderBottom: '1px dotted var(--mantine-color-dimmed)', whiteSpace: 'nowrap' }}>
        {words.label}
      </span>
    </Hint>
  );
}
