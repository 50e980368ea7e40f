import { Button, type ButtonProps } from '@mantine/core';
import { Suspense } from 'react';
import { useFilters } from './use-filters.ts';

/** Opens the `NewDialog` of the same name. The name stands in the URL: the dialog can be linked to, and going back closes it. */
export function NewButton({ name, ...button }: { name: string } & Pick<ButtonProps, 'variant' | 'children'>) {
  const [, setFilters] = useFilters();
  return <Button {...button} onClick={() => setFilters({ new: name })} />;
}

interface Props {
  readonly name: string;
  /** The dialog, perhaps loaded only now. `onMade` closes it and opens what was made. */
  readonly children: (onClose: () => void, onMade: (id: number) => void) => React.ReactNode;
}

/** The dialog in which something new is made, while the URL says so. */
export function NewDialog({ name, children }: Props) {
  const [filters, setFilters] = useFilters();
  if (filters.new !== name) return null;
  return (
    <Suspense fallback={null}>
      {children(
        () => setFilters({ new: '' }),
        (id) => setFilters({ new: '', open: String(id) }),
      )}
    </Suspense>
  );
}
