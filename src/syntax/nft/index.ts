/** iptables rules in the words of nft. */
export { printNft, type NftOptions, type NftPrinting } from "./print-nft.ts";
