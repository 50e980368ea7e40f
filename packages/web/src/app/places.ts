import {
  type Icon,
  IconAlertTriangle,
  IconBell,
  IconBook,
  IconChartBar,
  IconHistory,
  IconInfoCircle,
  IconMap2,
  IconNetwork,
  IconPackage,
  IconRadar2,
  IconServer,
  IconServerBolt,
  IconShieldLock,
  IconUsers,
} from '@tabler/icons-react';
import { paths } from '../shared/paths.ts';

/** One entry of the navigation. */
export interface Place {
  readonly name: string;
  readonly to: string;
  readonly icon: Icon;
  readonly managersOnly?: boolean;
}

/** The places, in their order. */
export const places: readonly Place[] = [
  { name: 'Overview', to: paths.overview, icon: IconChartBar },
  { name: 'Scans', to: paths.scans, icon: IconRadar2 },
  { name: 'Maps', to: paths.maps, icon: IconMap2 },
  { name: 'Assets', to: paths.assets, icon: IconServer },
  { name: 'Detections', to: paths.detections, icon: IconAlertTriangle },
  { name: 'Knowledge', to: paths.checks, icon: IconBook },
  { name: 'Appliances', to: paths.appliances, icon: IconServerBolt },
];

/** Below them: settings. */
export const settings: readonly Place[] = [
  { name: 'Networks', to: paths.networks, icon: IconNetwork },
  { name: 'Releases', to: paths.releases, icon: IconPackage },
  { name: 'Notifications', to: paths.notifications, icon: IconBell },
  { name: 'People', to: paths.people, icon: IconUsers, managersOnly: true },
  { name: 'Security', to: paths.security, icon: IconShieldLock, managersOnly: true },
  { name: 'Audit log', to: paths.audit, icon: IconHistory, managersOnly: true },
  { name: 'About', to: paths.about, icon: IconInfoCircle },
];
