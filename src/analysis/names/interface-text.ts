/** What stands for all interfaces that nobody names; before a wildcard, for those of a kind that nobody names: `other eth+`. */
export const OTHER_INTERFACES = "other";

/** Does a name stand for interfaces that no rule names? */
export const isOtherInterfaces = (name: string): boolean => name === OTHER_INTERFACES || name.startsWith(`${OTHER_INTERFACES} `);

/** An interface in a sentence: `eth0`, `any other`, `any other eth+`. Not escaped. */
export const interfaceText = (name: string): string => (isOtherInterfaces(name) ? `any ${name}` : name);
