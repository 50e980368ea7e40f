import type { Mode } from '../src/dev/fixture-state.ts';

/** A page of the interface as the browser tests visit it. */
export interface Visit {
  readonly name: string;
  readonly path: string;
  readonly mode: Mode;
  /** Heading that tells that the page is there. */
  readonly heading: string;
  /** Text that stands on it once its data is there. */
  readonly shows: string;
}

function visit(name: string, path: string, heading: string, shows: string, mode: Mode = 'ready'): Visit {
  return { name, path, heading, shows, mode };
}

/** Every place, with its panels, empty and full. */
export const places: readonly Visit[] = [
  visit('sign-in', '/', 'Sign in', 'Password', 'signed-out'),
  visit('invitation', '/invite#sample', 'Invitation', 'Choose a password', 'signed-out'),
  visit('sign-in, not known', '/?oidc=unknown-person', 'Sign in', 'You have no account here.', 'signed-out'),
  visit('first run, networks', '/setup', 'Register your networks', 'Head office'),
  visit('first run, appliance', '/setup?step=appliance', 'Connect an appliance', 'is_headoffice'),
  visit('first run, scan', '/setup?step=scan', 'First scan', 'Profile'),
  visit('overview', '/', 'Overview', 'Worst assets'),
  visit('overview with nothing', '/', 'Overview', 'Nothing has been scanned yet', 'empty'),
  visit('scans', '/scans', 'Scans', 'Branch printers'),
  visit('scans with nothing', '/scans', 'Scans', 'No scans yet', 'empty'),
  visit('option profiles', '/scans/option-profiles?open=101', 'Option profiles', 'for everybody'),
  visit('option profiles, a new one', '/scans/option-profiles?new=profile', 'Option profiles', 'Packets a second'),
  visit('option profiles with nothing saved', '/scans/option-profiles', 'Option profiles', 'Normal', 'empty'),
  visit('schedules', '/scans/schedules?open=2', 'Schedules', 'Missed: the platform did not run'),
  visit('schedules, a new one', '/scans/schedules?new=schedule', 'Schedules', 'Next runs'),
  visit('schedules with nothing', '/scans/schedules', 'Schedules', 'No schedule yet', 'empty'),
  visit('maps', '/maps', 'Maps', 'Map 10'),
  visit('live scan', '/scans/12', 'Head office, weekly', 'Findings coming in'),
  visit('scan result', '/scans/9', 'Branch printers', 'db-1.example.org'),
  visit('scan plan', '/scans/9?tab=plan', 'Branch printers', 'Plan and traffic'),
  visit('scan findings', '/scans/9?tab=findings&open=3', 'Branch printers', 'Evidence'),
  visit('scan result, why a host is missing', '/scans/9?why=10.20.9.9', 'Branch printers', 'Who had it'),
  visit('scan of which nothing was scanned', '/scans/5', 'Presses', 'Whether a host is there is not known'),
  visit('comparison of scans', '/scans/11/compare/7?kind=finding', 'Compare scans', 'A weak thing'),
  visit('comparison, no difference', '/scans/11/compare/9', 'Compare scans', 'No difference'),
  visit('map result', '/scans/10', 'Map 10', 'db-1.example.org'),
  visit('map graph', '/maps/10', 'Map 10', 'Map of networks'),
  visit('map graph, a host', '/maps/10?open=host:10.20.0.4', 'Map 10', 'Showed itself by'),
  visit('map graph, large', '/maps/6?open=network:10.20.0.0/24', 'Map of the campus', '12 more networks'),
  visit('map hosts', '/maps/10?tab=hosts', 'Map 10', 'Hosts of the map'),
  visit('map networks', '/maps/10?tab=networks', 'Map 10', 'Gateways and hops'),
  visit('map changes', '/maps/10?tab=changes', 'Map 10', 'Changes since the earlier map'),
  visit('map changes, none before', '/maps/6?tab=changes', 'Map of the campus', 'Nothing to compare with'),
  visit('assets', '/assets', 'Assets', '5,000 assets'),
  visit('assets with nothing', '/assets', 'Assets', 'No assets yet', 'empty'),
  visit('tags', '/assets/tags?open=2', 'Tags', 'Open port'),
  visit('tags, a new one', '/assets/tags?new=tag', 'Tags', 'By hand'),
  visit('tags with nothing', '/assets/tags', 'Tags', 'No tag yet', 'empty'),
  visit('asset', '/assets/8?service=82', '10.20.0.9', 'Answer to banner'),
  visit('detections', '/detections?open=9', 'Detections', 'Evidence'),
  visit('detections by check', '/detections?group=check', 'Detections', 'Groups of the first 500 of 640'),
  visit('detections with nothing', '/detections', 'Detections', 'No open detections', 'empty'),
  visit('knowledge', '/checks?open=redis-no-auth', 'Knowledge', 'What to do'),
  visit('appliances', '/appliances?open=1', 'Appliances', 'Connectivity'),
  visit('appliance, its updates', '/appliances?open=1', 'Appliances', 'downloading 0.2.0: 40 %'),
  visit('new virtual scanner', '/appliances?new=virtual', 'Appliances', 'Friendly name'),
  visit('appliances with nothing', '/appliances', 'Appliances', 'No appliance yet', 'empty'),
  visit('networks', '/settings/networks?open=2', 'Networks', 'Ours since 2019'),
  visit('exclusions', '/settings/exclusions?open=2', 'Exclusions', 'Asked for by its operator'),
  visit('exclusions, a new one', '/settings/exclusions?new=exclusion', 'Exclusions', 'Takes effect at once'),
  visit('exclusions with nothing', '/settings/exclusions', 'Exclusions', 'No exclusion yet', 'empty'),
  visit('windows', '/settings/windows?open=1', 'Windows', 'Hours with scans, by day'),
  visit('windows, a new one', '/settings/windows?new=window', 'Windows', 'Kind of window'),
  visit('windows with nothing', '/settings/windows', 'Windows', 'No window yet', 'empty'),
  visit('releases', '/settings/releases?open=2', 'Releases', 'Signed by'),
  visit('releases with nothing', '/settings/releases', 'Releases', 'No release yet', 'empty'),
  visit('notifications', '/settings/notifications', 'Notifications', 'Send again'),
  visit('notifications with nothing', '/settings/notifications', 'Notifications', 'No webhook yet', 'empty'),
  visit('people', '/settings/people?open=2', 'People', 'reader@example.org'),
  visit('open invitations', '/settings/people?view=invitations&open=1', 'People', 'Invited by'),
  visit('no open invitations', '/settings/people?view=invitations', 'People', 'No open invitations', 'empty'),
  visit('invite somebody', '/settings/people?new=invitation', 'People', 'Days until the link ends'),
  visit('new account', '/settings/people?new=account', 'People', 'Sees nothing yet'),
  visit('business units', '/settings/business-units?open=1', 'Business units', 'Plant Hamburg'),
  visit('business units with nothing', '/settings/business-units', 'Business units', 'No business unit', 'empty'),
  visit('asset groups', '/settings/asset-groups?open=2', 'Asset groups', 'Printers included'),
  visit('new asset group', '/settings/asset-groups?new=group', 'Asset groups', 'Addresses in Head office'),
  visit('security', '/settings/security', 'Security', 'Require a second factor of everybody'),
  visit('account', '/account', 'Profile & security', 'nightly export on build-3'),
  visit('account with nothing', '/account', 'Profile & security', 'No tokens', 'empty'),
  visit('audit log', '/settings/audit?open=40', 'Audit log', 'scan.launch'),
  visit('about', '/about', 'About', 'Enrolment string'),
  visit('nowhere', '/no-such-place', 'Not found', 'There is no such page'),
  visit('components', '/dev/components', 'Components', 'Ten thousand rows'),
];
