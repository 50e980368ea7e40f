import { PasswordForm } from '../../shared/account/password-form.tsx';
import { useSession } from '../../shared/api/use-session.ts';
import { Address } from '../../shared/components/address.tsx';
import { Fact, Facts } from '../../shared/components/facts.tsx';
import { Page, Section } from '../../shared/components/page.tsx';
import { say } from '../../shared/components/undo-toast.tsx';
import { roleWords } from '../../shared/format/words.ts';
import { PasskeysSection } from './passkeys-section.tsx';
import { SessionsSection } from './sessions-section.tsx';
import { TokensSection } from './tokens-section.tsx';
import { TotpSection } from './totp-section.tsx';

/** Profile & security: everything about signing in as oneself. */
export function AccountPage() {
  const user = useSession().data?.user;
  if (!user) return null;
  return (
    <Page title="Profile & security">
      <Section title="Profile">
        <Facts>
          <Fact name="Name">{user.name}</Fact>
          <Fact name="Login">
            <Address>{user.login}</Address>
          </Fact>
          <Fact name="Role">
            {roleWords[user.role].label}: {roleWords[user.role].may.toLowerCase()}
          </Fact>
        </Facts>
      </Section>
      <TotpSection />
      <PasskeysSection />
      <SessionsSection />
      <TokensSection />
      <Section title="Password">
        {user.hasPassword ? (
          <div style={{ maxWidth: 420 }}>
            <PasswordForm onDone={() => say('Your password is changed; other sessions have ended')} />
          </div>
        ) : (
          <div>You sign in by the identity provider and have no password here. A Manager can give you one.</div>
        )}
      </Section>
    </Page>
  );
}
