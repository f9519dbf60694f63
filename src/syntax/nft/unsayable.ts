/** What nft has no words for; the message is the reason, for a person. */
export class Unsayable extends Error {}
