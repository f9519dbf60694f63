/** A match whose text in a listing is read as a whole. */
export interface Pattern {
  readonly match: string;
  readonly text: RegExp;
  /** The option words; a missing group is "". Undefined where it is not that match's text after all. `place` names the place in the listing. */
  words(groups: readonly string[], place: string): readonly string[] | undefined;
  /** What a rule can say and the text does not, as a sentence for the reader. */
  readonly loses?: string;
}

/** `!` or nothing. */
export const not = (bang: string): readonly string[] => (bang === "" ? [] : ["!"]);
/** An option with its value; nothing without one. */
export const option = (name: string, value: string): readonly string[] => (value === "" ? [] : [`--${name}`, value]);

const SECONDS: Readonly<Record<string, number>> = { sec: 1, min: 60, hour: 60 * 60, day: 24 * 60 * 60 };

/** A rate that is only compared is listed over its time, not over its unit: the packets a second, and how long entries live by that unit. */
function comparedRate(rate: string, interval: string): { readonly rate: string; readonly expire: string } {
  const [packets = "", unit = ""] = rate.split("/");
  const seconds = SECONDS[unit] ?? 1;
  const each = Math.max(1, Math.round((Number(packets) * (interval === "" ? 1 : Number(interval))) / seconds));
  return { rate: `${each}/sec`, expire: String(seconds * 1000) };
}

const hashlimit: Pattern = {
  match: "hashlimit",
  text: /^limit: (up to|above) (\d{1,20}\/(?:sec|min|hour|day)|\d{1,20}[km]?b\/s)(?: burst (\d{1,20}[km]?b?))?(?: mode ((?:src|dst)(?:ip|port)(?:-(?:src|dst)(?:ip|port)){0,3}))?(?: htable-size (\d{1,10}))?(?: htable-max (\d{1,10}))?(?: htable-gcinterval (\d{1,10}))?(?: htable-expire (\d{1,10}))?(?: srcmask (\d{1,3}))?(?: dstmask (\d{1,3}))?( rate-match)?(?: rate-interval (\d{1,10}))?/,
  words(
    [side, listed = "", burst = "", mode = "", size = "", max = "", collect = "", life = "", source = "", destination = "", ...more],
    place,
  ) {
    const [compares = "", interval = ""] = more;
    const { rate, expire } = compares !== "" && !listed.endsWith("b/s") ? comparedRate(listed, interval) : { rate: listed, expire: "" };
    return [
      side === "above" ? "--hashlimit-above" : "--hashlimit-upto",
      rate,
      ...option("hashlimit-burst", burst),
      ...option("hashlimit-mode", mode.replaceAll("-", ",")),
      "--hashlimit-name",
      `listed-${place}`,
      ...option("hashlimit-htable-size", size),
      ...option("hashlimit-htable-max", max),
      ...option("hashlimit-htable-gcinterval", collect),
      ...option("hashlimit-htable-expire", life === "" ? expire : life),
      ...option("hashlimit-srcmask", source),
      ...option("hashlimit-dstmask", destination),
      ...(compares === "" ? [] : ["--hashlimit-rate-match", ...option("hashlimit-rate-interval", interval)]),
    ];
  },
  loses: "a listing does not name the tables of match `hashlimit': each rule gets a table of its own, named after its line and column",
};

/** A rate is listed in bytes with -n and in bits without, and given in bits where no unit says otherwise. */
const inBits = (rate: string): string => (/^\d+$/.test(rate) ? `${rate}bps` : rate);

/** The option and its value for the first or second number of a unit. */
function compared(unit: string, place: "" | "1" | "2", value: string): readonly string[] {
  return option(`rateest-${unit}${place}`, unit === "bps" && value !== "" ? inBits(value) : value);
}

const rateestOfTwo: Pattern = {
  match: "rateest",
  text: /^rateest match (\S{1,60})( delta)?(?:( bps)(?: (\d+(?:[KM]?bit)?))?)?(?:( pps)(?: (\d+))?)? (! ?)?(lt|gt|eq) (\S{1,60})\3(?: (\d+(?:[KM]?bit)?))?\5(?: (\d+))?/,
  words([
    first = "",
    delta = "",
    bps = "",
    bytes = "",
    pps = "",
    packets = "",
    bang = "",
    mode = "",
    second = "",
    bytes2 = "",
    packets2 = "",
  ]) {
    if (bps + pps === "") return undefined;
    return [
      ...(delta === "" ? [] : ["--rateest-delta"]),
      "--rateest1",
      first,
      ...(delta === "" ? [] : [...compared("bps", "1", bytes), ...compared("pps", "1", packets)]),
      ...not(bang),
      `--rateest-${mode}`,
      ...(bps === "" ? [] : delta === "" ? ["--rateest-bps"] : compared("bps", "2", bytes2)),
      ...(pps === "" ? [] : delta === "" ? ["--rateest-pps"] : compared("pps", "2", packets2)),
      "--rateest2",
      second,
    ];
  },
};

const rateestOfOne: Pattern = {
  match: "rateest",
  text: /^rateest match (\S{1,60})( delta)?(?: bps(?: (\d+(?:[KM]?bit)?))? (\d+(?:[KM]?bit)?) (! ?)?(lt|gt|eq))?(?: pps(?: (\d+))? (! ?)?(lt|gt|eq) (\d+))?/,
  words([name = "", delta = "", bytes = "", bytes2 = "", bang = "", mode = "", packets = "", bang2 = "", mode2 = "", packets2 = ""]) {
    if (mode + mode2 === "") return undefined;
    const isDelta = delta !== "";
    return [
      ...(isDelta ? ["--rateest-delta"] : []),
      "--rateest",
      name,
      ...(isDelta ? [...compared("bps", "1", bytes), ...compared("pps", "1", packets)] : []),
      ...not(bang === "" ? bang2 : bang),
      `--rateest-${mode === "" ? mode2 : mode}`,
      ...compared("bps", isDelta ? "2" : "", bytes2),
      ...compared("pps", isDelta ? "2" : "", packets2),
    ];
  },
};

/** The texts of matches that compare rates. libxt_hashlimit, libxt_rateest. */
export const RATE_PATTERNS: readonly Pattern[] = [hashlimit, rateestOfTwo, rateestOfOne];
