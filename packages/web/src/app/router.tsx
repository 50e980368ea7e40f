import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { formatFilters, parseFilters } from '../shared/components/use-filters.ts';
import { paths } from '../shared/paths.ts';
import { Gate } from './gate.tsx';
import { NotFound } from './not-found.tsx';
import { RouteError } from './route-error.tsx';

const root = createRootRoute({ component: Gate, notFoundComponent: NotFound, errorComponent: RouteError });

/** Every route loads its own chunk when it is first visited. */
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: paths.overview,
    component: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.scans,
    component: lazyRouteComponent(() => import('../features/scans/scans-page.tsx'), 'ScansPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.maps,
    component: lazyRouteComponent(() => import('../features/scans/scans-page.tsx'), 'MapsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/maps/$id',
    component: lazyRouteComponent(() => import('../features/maps/map-page.tsx'), 'MapPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.optionProfiles,
    component: lazyRouteComponent(
      () => import('../features/option-profiles/option-profiles-page.tsx'),
      'OptionProfilesPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.schedules,
    component: lazyRouteComponent(() => import('../features/schedules/schedules-page.tsx'), 'SchedulesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/scans/$id',
    component: lazyRouteComponent(() => import('../features/scans/scan-page.tsx'), 'ScanPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.assets,
    component: lazyRouteComponent(() => import('../features/assets/assets-page.tsx'), 'AssetsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.tags,
    component: lazyRouteComponent(() => import('../features/tags/tags-page.tsx'), 'TagsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/scans/$id/compare/$other',
    component: lazyRouteComponent(() => import('../features/compare/compare-page.tsx'), 'ComparePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/assets/$id',
    component: lazyRouteComponent(() => import('../features/assets/asset-page.tsx'), 'AssetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.detections,
    component: lazyRouteComponent(() => import('../features/detections/detections-page.tsx'), 'DetectionsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.checks,
    component: lazyRouteComponent(() => import('../features/checks/checks-page.tsx'), 'ChecksPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.appliances,
    component: lazyRouteComponent(() => import('../features/appliances/appliances-page.tsx'), 'AppliancesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.networks,
    component: lazyRouteComponent(() => import('../features/networks/networks-page.tsx'), 'NetworksPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.exclusions,
    component: lazyRouteComponent(() => import('../features/exclusions/exclusions-page.tsx'), 'ExclusionsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.windows,
    component: lazyRouteComponent(() => import('../features/windows/windows-page.tsx'), 'WindowsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.releases,
    component: lazyRouteComponent(() => import('../features/releases/releases-page.tsx'), 'ReleasesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.notifications,
    component: lazyRouteComponent(
      () => import('../features/notifications/notifications-page.tsx'),
      'NotificationsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.people,
    component: lazyRouteComponent(() => import('../features/people/people-page.tsx'), 'PeoplePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.businessUnits,
    component: lazyRouteComponent(
      () => import('../features/business-units/business-units-page.tsx'),
      'BusinessUnitsPage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.assetGroups,
    component: lazyRouteComponent(() => import('../features/asset-groups/asset-groups-page.tsx'), 'AssetGroupsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.security,
    component: lazyRouteComponent(() => import('../features/security/security-page.tsx'), 'SecurityPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.account,
    component: lazyRouteComponent(() => import('../features/account/account-page.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.audit,
    component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.about,
    component: lazyRouteComponent(() => import('../features/about/about-page.tsx'), 'AboutPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: paths.components,
    component: lazyRouteComponent(() => import('../features/components/components-page.tsx'), 'ComponentsPage'),
  }),
  // The first run: `Gate` shows the wizard here in place of the shell.
  createRoute({ getParentRoute: () => root, path: paths.setup }),
  // The link of an invitation: `Gate` shows its page, whoever is signed in.
  createRoute({ getParentRoute: () => root, path: paths.invite }),
];

/** The router of the page; filters in the URL stay plain texts. */
export function makeRouter() {
  return createRouter({
    routeTree: root.addChildren(routes),
    defaultPreload: 'intent',
    scrollRestoration: false,
    parseSearch: parseFilters,
    stringifySearch: formatFilters,
  });
}
