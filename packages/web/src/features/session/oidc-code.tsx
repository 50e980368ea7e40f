import { begunOidc } from '@picket/contracts/api/oidc';
import { useNavigate } from '@tanstack/react-router';
import { useSend } from '../../shared/api/use-send.ts';
import { CodeForm } from './code-form.tsx';

/** After the identity provider: the code of those who have an authenticator app. */
export function OidcCode({ onBack }: { onBack: () => void }) {
  const navigate = useNavigate();
  const send = useSend({
    schema: begunOidc,
    method: 'POST',
    path: '/session/oidc/code',
    body: (code: string) => ({ code }),
    stale: ['/'],
  });
  return (
    <CodeForm
      error={send.error}
      busy={send.isPending}
      onCode={(code) =>
        send.mutate(code, {
          onSuccess: ({ url }) => void navigate({ href: url, replace: true, reloadDocument: false }),
        })
      }
      onBack={onBack}
    />
  );
}
