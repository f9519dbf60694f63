import { chosenRules, type KernelChoice, type KernelReading, type ServedDocument } from "../../report/serve/index.ts";
import { usageFault } from "../fault.ts";
import { NoKernel, readKernel } from "./kernel.ts";
import type { Opening } from "./opening.ts";

const CHOICES: Readonly<Record<string, KernelChoice>> = { "kernel:": "any", "kernel:nft": "nft", "kernel:legacy": "legacy" };

/** Does an argument name the running rules? `kernel:`, `kernel:nft` or `kernel:legacy`. */
export function kernelChoice(argument: string): KernelChoice | undefined {
  if (Object.hasOwn(CHOICES, argument)) return CHOICES[argument];
  if (argument.startsWith("kernel:")) throw usageFault(argument, "the running rules are kernel:, kernel:nft or kernel:legacy");
  return undefined;
}

/** The running rules as a document. */
export function kernelOpening(id: string, choice: KernelChoice): Opening {
  return {
    id,
    name: "kernel",
    files: [],
    kernel: true,
    async read() {
      try {
        return documentOf(id, choice, await readKernel());
      } catch (fault) {
        if (fault instanceof NoKernel) throw usageFault("kernel", fault.message);
        throw fault;
      }
    },
  };
}

function documentOf(id: string, choice: KernelChoice, { rules, sets, host, notes }: KernelReading): ServedDocument {
  const text = (family: 4 | 6): string => rules[chosenRules(rules, family, choice)]?.text ?? "";
  const both = ([4, 6] as const).some(family => rules.filter(each => each.family === family && each.text !== "").length > 1);
  const hidden = both && choice === "any" ? ["iptables-legacy has rules of its own here, which packets meet too: see kernel:legacy"] : [];
  return {
    id,
    name: choice === "any" ? "kernel" : `kernel (${choice})`,
    texts: { rules4: text(4), rules6: text(6), sets, host },
    readOnly: "these are the running rules",
    paths: {},
    hashes: {},
    kernel: choice,
    notes: [...notes, ...hidden],
    fault: null,
  };
}
