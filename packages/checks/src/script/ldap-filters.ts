/** The matching rule of Active Directory that looks for a bit of a number (MS-ADTS section 3.1.1.3.4.4.1). */
const bit = (value: number) => `(userAccountControl:1.2.840.113556.1.4.803:=${value})`;

/** Bits of `userAccountControl` (MS-ADTS section 2.2.16) by the name that the template format gives a filter for each. */
const accountBits: Readonly<Record<string, number>> = {
  FilterLogonScript: 1,
  FilterAccountDisabled: 2,
  FilterHomedirRequired: 8,
  FilterLockout: 16,
  FilterPasswordNotRequired: 32,
  FilterPasswordCantChange: 64,
  FilterCanSendEncryptedPassword: 128,
  FilterIsDuplicateAccount: 256,
  FilterIsNormalAccount: 512,
  FilterInterdomainTrustAccount: 2048,
  FilterWorkstationTrustAccount: 4096,
  FilterServerTrustAccount: 8192,
  FilterDontExpirePassword: 65_536,
  FilterMnsLogonAccount: 131_072,
  FilterSmartCardRequired: 262_144,
  FilterTrustedForDelegation: 524_288,
  FilterNotDelegated: 1_048_576,
  FilterUseDesKeyOnly: 2_097_152,
  FilterDontRequirePreauth: 4_194_304,
  FilterPasswordExpired: 8_388_608,
  FilterTrustedToAuthForDelegation: 16_777_216,
  FilterPartialSecretsAccount: 67_108_864,
};

/** Constants of `nuclei/ldap`: filters for accounts of Active Directory. */
export const ldapFilters: Readonly<Record<string, string>> = {
  FilterIsPerson: '(objectCategory=person)',
  FilterIsGroup: '(objectCategory=group)',
  FilterIsComputer: '(objectCategory=computer)',
  FilterIsAdmin: '(adminCount=1)',
  FilterHasServicePrincipalName: '(servicePrincipalName=*)',
  FilterAccountEnabled: `(!${bit(2)})`,
  ...Object.fromEntries(Object.entries(accountBits).map(([name, value]) => [name, bit(value)])),
};
