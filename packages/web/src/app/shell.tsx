import type { SessionState } from '@picket/contracts/api/session';
import { Button } from '@mantine/core';
import { IconMenu2, IconPlus, IconSearch } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { AppLink } from '../shared/components/app-link.tsx';
import { NewScanProvider, type ScanPrefill } from '../shared/launch/new-scan-context.ts';
import { useMay } from '../shared/api/use-session.ts';
import { paths } from '../shared/paths.ts';
import { type Place, places, settings } from './places.ts';
import classes from './shell.module.css';
import { HoldBanner } from './hold-banner.tsx';
import { NothingSeen } from './nothing-seen.tsx';
import { useRefreshOnEvents } from './use-refresh-on-events.ts';
import { useShellKeys } from './use-shell-keys.ts';
import { UserMenu } from './user-menu.tsx';

const NewScanDialog = lazy(() =>
  import('../features/launch/new-scan-dialog.tsx').then((module) => ({ default: module.NewScanDialog })),
);
const Palette = lazy(() => import('./palette.tsx').then((module) => ({ default: module.Palette })));
const HelpDialog = lazy(() => import('./help-dialog.tsx').then((module) => ({ default: module.HelpDialog })));

const StopAllDialog = lazy(() =>
  import('../shared/holds/stop-all-dialog.tsx').then((module) => ({ default: module.StopAllDialog })),
);
const PasswordDialog = lazy(() =>
  import('./password-dialog.tsx').then((module) => ({ default: module.PasswordDialog })),
);

type User = NonNullable<SessionState['user']>;

/** Navigation, New scan, search and the page. */
export function Shell({ user, children }: { user: User; children: React.ReactNode }) {
  const [prefill, setPrefill] = useState<ScanPrefill | null>(null);
  const [over, setOver] = useState<'palette' | 'help' | 'nav' | 'password' | 'stop-all' | null>(null);
  const newScan = useCallback((known?: ScanPrefill) => setPrefill(known ?? {}), []);
  const { pathname } = useLocation();
  const may = useMay();
  const menu = useRef<HTMLButtonElement>(null);
  /** The places of a narrow window go; whoever was in them is back at the button that opened them. */
  function closeMenu(): void {
    setOver(null);
    menu.current?.focus();
  }
  useShellKeys({ onPalette: () => setOver('palette'), onHelp: () => setOver('help'), onNewScan: () => newScan() });
  useRefreshOnEvents(pathname);
  return (
    <NewScanProvider value={newScan}>
      <a className="pk-skip" href="#content">
        Skip to content
      </a>
      <div className={classes.shell}>
        <header className={classes.bar}>
          <button
            type="button"
            ref={menu}
            className={classes.menu}
            aria-label="Menu"
            aria-expanded={over === 'nav'}
            onClick={() => setOver(over === 'nav' ? null : 'nav')}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setOver(null);
            }}
          >
            <IconMenu2 size={20} />
          </button>
          <Brand />
        </header>
        <nav
          className={classes.nav}
          aria-label="Places"
          data-open={over === 'nav'}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && over === 'nav') closeMenu();
          }}
        >
          <div className={classes.wideBrand}>
            <Brand />
          </div>
          <div className={classes.tools}>
            {may.scan ? (
              <Button
                leftSection={<IconPlus size={16} />}
                onClick={() => {
                  setOver(null);
                  newScan();
                }}
                fullWidth
              >
                New scan
              </Button>
            ) : null}
            <button type="button" className={classes.search} onClick={() => setOver('palette')}>
              <IconSearch size={14} aria-hidden="true" /> Search <kbd>Ctrl K</kbd>
            </button>
          </div>
          <NavList places={places} pathname={pathname} onGo={() => setOver(null)} />
          <div className={classes.group}>Settings</div>
          <NavList
            places={settings.filter((place) => place.needs === undefined || may[place.needs])}
            pathname={pathname}
            onGo={() => setOver(null)}
          />
          <UserMenu user={user} onHelp={() => setOver('help')} onPassword={() => setOver('password')} />
        </nav>
        <main id="content" className={classes.main} tabIndex={-1}>
          <HoldBanner />
          <NothingSeen />
          {children}
        </main>
      </div>
      <Suspense fallback={null}>
        {prefill === null ? null : <NewScanDialog prefill={prefill} onClose={() => setPrefill(null)} />}
        {over === 'palette' ? (
          <Palette onClose={() => setOver(null)} onNewScan={newScan} onStopAll={() => setOver('stop-all')} />
        ) : null}
        {over === 'stop-all' ? <StopAllDialog onClose={() => setOver(null)} /> : null}
        {over === 'password' ? <PasswordDialog onClose={() => setOver(null)} /> : null}
        {over === 'help' ? <HelpDialog onClose={() => setOver(null)} /> : null}
      </Suspense>
    </NewScanProvider>
  );
}

function Brand() {
  return (
    <AppLink to={paths.overview} className={classes.brand} label="Picket, to the overview">
      <img src="/icon.svg" alt="" width="22" height="22" /> Picket
    </AppLink>
  );
}

function NavList({ places: list, pathname, onGo }: { places: readonly Place[]; pathname: string; onGo: () => void }) {
  return (
    <ul className={classes.list} onClick={onGo}>
      {list.map((place) => {
        const here = place.to === paths.overview ? pathname === '/' : pathname.startsWith(place.to);
        return (
          <li key={place.to} data-here={here}>
            <AppLink to={place.to} className={classes.place}>
              <place.icon size={16} stroke={1.75} aria-hidden="true" />
              {place.name}
            </AppLink>
          </li>
        );
      })}
    </ul>
  );
}
