/** An address, port, version or code: monospace, never broken in two. */
export function Address({ children, title }: { children: React.ReactNode; title?: string | undefined }) {
  return (
    <span className="pk-mono pk-truncate" {...(title === undefined ? {} : { title })}>
      {children}
    </span>
  );
}
