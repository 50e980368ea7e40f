import { ownValue } from '@picket/base/own-value';
import {
  type Icon,
  IconAddressBook,
  IconBuildingFactory2,
  IconDatabase,
  IconDeviceCctv,
  IconDeviceDesktop,
  IconDots,
  IconFolders,
  IconMail,
  IconPhone,
  IconPlugConnected,
  IconPrinter,
  IconQuestionMark,
  IconRouter,
  IconServer2,
  IconShieldLock,
  IconSignature,
  IconStack2,
  IconTopologyStar3,
  IconWorldWww,
} from '@tabler/icons-react';

interface RoleWord {
  readonly label: string;
  readonly icon: Icon;
}

/** Each role in words and as a mark; with them what stands in place of one. */
const words: Readonly<Record<string, RoleWord>> = {
  router: { label: 'Router', icon: IconRouter },
  'domain-controller': { label: 'Domain controller', icon: IconShieldLock },
  hypervisor: { label: 'Hypervisor', icon: IconStack2 },
  'management-controller': { label: 'Management controller', icon: IconPlugConnected },
  industrial: { label: 'Industrial controller', icon: IconBuildingFactory2 },
  printer: { label: 'Printer or print server', icon: IconPrinter },
  camera: { label: 'Camera or video source', icon: IconDeviceCctv },
  phone: { label: 'Telephone or telephone system', icon: IconPhone },
  'network-device': { label: 'Network device', icon: IconTopologyStar3 },
  'database-server': { label: 'Database server', icon: IconDatabase },
  'mail-server': { label: 'Mail server', icon: IconMail },
  'name-server': { label: 'Name server', icon: IconSignature },
  'directory-server': { label: 'Directory server', icon: IconAddressBook },
  'file-server': { label: 'File server', icon: IconFolders },
  'web-server': { label: 'Web server', icon: IconWorldWww },
  server: { label: 'Server', icon: IconServer2 },
  workstation: { label: 'Workstation', icon: IconDeviceDesktop },
  others: { label: 'Other roles', icon: IconDots },
  none: { label: 'Role not known', icon: IconQuestionMark },
};

/** A role of a newer platform is shown by its own word. */
export function roleWord(role: string): RoleWord {
  return ownValue(words, role) ?? { label: role, icon: IconQuestionMark };
}

/** How sure a role is. */
export const strengthWords = {
  seen: { label: 'seen', meaning: 'The host did what this role does.' },
  likely: { label: 'likely', meaning: 'The host says so: its product, its system or its open ports together.' },
  guess: { label: 'guess', meaning: 'Only an open port or the maker of its interface speaks for it.' },
} as const;
