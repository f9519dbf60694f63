/** How iptables' own options take their argument: not, always, or only glued on (`--list=INPUT`). */
export type Takes = "none" | "required" | "optional";

/** One long option of iptables itself; `letter` is its short form, which for `--line-numbers` nobody writes. */
export interface GlobalOption {
  readonly word: string;
  readonly letter: string;
  readonly takes: Takes;
}

const LONG =
  "append A 1 delete D 1 check C 1 insert I 1 replace R 1 list L 2 list-rules S 2 flush F 2 zero Z 2 new-chain N 1 delete-chain X 2 rename-chain E 1 policy P 1 " +
  "source s 1 destination d 1 src s 1 dst d 1 protocol p 1 in-interface i 1 jump j 1 table t 1 match m 1 numeric n 0 out-interface o 1 verbose v 0 wait w 2 " +
  "wait-interval W 2 exact x 0 fragments f 0 version V 0 help h 2 line-numbers 0 0 modprobe M 1 set-counters c 1 goto g 1 ipv4 4 0 ipv6 6 0";

const TAKES = ["none", "required", "optional"] as const;

/** The long options of iptables itself, in the order getopt_long looks through them. iptables: iptables.c, original_opts. */
export const GLOBAL_LONG: readonly GlobalOption[] = (LONG.match(/\S+ \S+ \S+/g) ?? []).map(entry => {
  const [word = "", letter = "", takes = "0"] = entry.split(" ");
  return { word, letter, takes: TAKES[Number(takes)] ?? "none" };
});

/** The same by word. */
export const GLOBAL_BY_WORD: ReadonlyMap<string, GlobalOption> = new Map(GLOBAL_LONG.map(option => [option.word, option]));

/** Short options and how they take their argument. iptables: xshared.h, IPT_OPTSTRING. */
export const GLOBAL_SHORT: ReadonlyMap<string, Takes> = new Map(
  GLOBAL_LONG.filter(({ letter }) => letter !== "0").map(({ letter, takes }) => [letter, takes]),
);
