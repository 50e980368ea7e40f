import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconBell,
  IconBook,
  IconBuilding,
  IconCalendarTime,
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
  IconStack2,
  IconUsers,
} from '@tabler/icons-react';
import { paths } from '../shared/paths.ts';

/** One entry of the navigation. */
export interface Place {
  readonly name: string;
  readonly to: string;
  readonly icon: Icon;
  /** What a person must be allowed to, to find it here. */
  readonly needs?: 'manage' | 'readPeople' | 'readAudit';
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
  { name: 'Exclusions', to: paths.exclusions, icon: IconBan, needs: 'readAudit' },
  { name: 'Windows', to: paths.windows, icon: IconCalendarTime },
  { name: 'Releases', to: paths.releases, icon: IconPackage },
  { name: 'Notifications', to: paths.notifications, icon: IconBell },
  { name: 'People', to: paths.people, icon: IconUsers, needs: 'readPeople' },
  { name: 'Business units', to: paths.businessUnits, icon: IconBuilding, needs: 'readPeople' },
  { name: 'Asset groups', to: paths.assetGroups, icon: IconStack2 },
  { name: 'Security', to: paths.security, icon: IconShieldLock, needs: 'manage' },
  { name: 'Audit log', to: paths.audit, icon: IconHistory, needs: 'readAudit' },
  { name: 'About', to: paths.about, icon: IconInfoCircle },
];
