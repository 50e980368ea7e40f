/** What everybody accepts at their first sign-in. A new version is asked for again. */
export const currentTerms = {
  version: '2026-11',
  text: [
    'Picket sends packets and requests to the machines in the networks that are registered here, and looks for weaknesses in them.',
    'Scan only what belongs to your organisation or what its owner has allowed you to scan. Scanning other systems is against the law in many places.',
    'A scan can disturb fragile devices. Begin with the gentle profile where you are not sure, and tell the people who run the systems.',
    'What Picket finds can help an attacker. Give results only to those who need them.',
    'Picket is free software under the Apache License 2.0 and comes without any warranty.',
  ].join('\n\n'),
} as const;
