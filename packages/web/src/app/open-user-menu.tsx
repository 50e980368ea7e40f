import { type SessionState, signedOut } from '@picket/contracts/api/session';
import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconUserCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useApi } from '../shared/api/api-context.tsx';
import { roleWords } from '../shared/format/words.ts';
import { paths } from '../shared/paths.ts';
import classes from './shell.module.css';

const schemes = [
  { value: 'auto', label: 'Follow the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

/** The account menu, open from the start: somebody has just asked for it. */
export function OpenUserMenu(props: {
  user: NonNullable<SessionState['user']>;
  onHelp: () => void;
  onPassword: () => void;
}) {
  const { user, onHelp, onPassword } = props;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const api = useApi();
  const queries = useQueryClient();
  const navigate = useNavigate();
  async function signOut(): Promise<void> {
    const answer = await api.send(signedOut, 'DELETE', '/session').catch(() => null);
    queries.clear();
    window.location.assign(answer?.signOutUrl ?? paths.overview);
  }
  return (
    <Menu defaultOpened position="top-start" width={200} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className={classes.userButton} aria-label={`Account menu of ${user.name}`}>
          <IconUserCircle size={18} stroke={1.75} aria-hidden="true" />
          <span className="pk-truncate">{user.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.login}, {roleWords[user.role].label}
        </Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme.value}
            onClick={() => setColorScheme(scheme.value)}
            rightSection={colorScheme === scheme.value ? '✓' : null}
          >
            {scheme.label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: paths.account })}>Profile & security</Menu.Item>
        <Menu.Item onClick={onPassword}>Change my password</Menu.Item>
        <Menu.Item onClick={onHelp}>Keyboard help</Menu.Item>
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
