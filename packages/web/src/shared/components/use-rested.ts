import { useEffect, useRef, useState } from 'react';

/** How long typing rests before it becomes the question, milliseconds. */
const restMs = 200;

/**
 * What is typed into a field of a filter, and how to change it. `onChange` hears of it once typing rests; a value that comes from elsewhere, such as the
 * browser's way back, takes the place of what was typed.
 */
export function useRested(
  value: string,
  onChange: (value: string) => void,
): readonly [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === told.current) return;
    const timer = setTimeout(() => {
      told.current = typed;
      onChange(typed);
    }, restMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return [typed, setTyped];
}
