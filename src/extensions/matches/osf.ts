import { PROTOCOL } from "../../packet/index.ts";
import { opaque } from "../../predicate/index.ts";
import { bounded, cutBytes, someOf, type MatchType, type Parsed, type Value } from "../../xtables/index.ts";
import { isFingerprint, type Fingerprint, type TtlTest } from "../os-fingerprint.ts";

/** Bytes of a genre. Kernel: MAXGENRELEN less the byte that ends it. */
const GENRE_BYTES = 31;
const TTL_TESTS: readonly TtlTest[] = ["true", "less", "no"];

const genre: Value<string> = { shape: "name", parse: text => cutBytes(text, GENRE_BYTES), print: String };
const level: Value<number> = bounded(0, 2);

const spec = {
  genre: { value: genre, invert: true, required: true, help: "Name of the operating system; the kernel ignores the inversion." },
  ttl: { value: level, help: "How to compare the time to live: 0 the same, 1 at most, 2 not at all." },
  log: { value: level, help: "What to log: 0 everything, 1 the first that fits, 2 what is known. With it any operating system fits." },
} as const;
const grammar = someOf(spec);
interface Osf {
  readonly genre?: Parsed<string>;
  readonly ttl?: Parsed<number>;
  readonly log?: Parsed<number>;
}

/**
 * `-m osf` with a list of fingerprints, as nfnl_osf loads it into the kernel. Kernel: nfnetlink_osf.c, nf_osf_match: only a SYN is looked at, and
 * neither an inversion nor, with --log, the name makes a difference.
 */
export function osfWith(fingerprints: readonly Fingerprint[]): MatchType<Osf> {
  return {
    name: "osf",
    help: "Match the operating system that a SYN seems to come from.",
    families: [4],
    protocols: [PROTOCOL.TCP],
    hooks: ["PREROUTING", "INPUT", "FORWARD"],
    options: grammar,
    lower(info) {
      const ttl = TTL_TESTS[info.ttl?.value ?? 0] ?? "true";
      const wanted = info.log ? fingerprints : fingerprints.filter(each => each.genre === info.genre?.value);
      return {
        predicate: opaque<undefined>({
          name: "osf",
          about: show(info),
          depends: "packet",
          start: () => undefined,
          step: (_, facts) => wanted.some(each => isFingerprint(each, ttl, facts)),
        }),
      };
    },
    list: show,
  };
}

function show({ genre: wanted }: Osf): string {
  return `OS fingerprint match ${wanted?.invert ? "! " : ""}${wanted?.value ?? ""}`;
}

/** `-m osf` as it is before anybody loads fingerprints: nothing matches. */
export const osf: MatchType<Osf> = osfWith([]);
