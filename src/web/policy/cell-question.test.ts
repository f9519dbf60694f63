import { expect, test } from "vitest";
import type { ServiceClass } from "../../analysis/index.ts";
import { isQuestionFault, readQuestion } from "../../analysis/question/index.ts";
import { askedAddresses, askedService } from "./asked-notation.ts";
import { cellQuestion } from "./cell-question.ts";

const service = (name: string, protocols: readonly [number, number][], more: Partial<ServiceClass> = {}): ServiceClass => ({
  name,
  protocols,
  ports: undefined,
  sourcePorts: undefined,
  ...more,
});

test.each<[ServiceClass, string | undefined]>([
  [service("ssh (tcp 22)", [[6, 6]], { ports: [[22, 22]] }), "from any to self tcp 22"],
  [
    service(
      "dns",
      [
        [6, 6],
        [17, 17],
      ],
      {
        ports: [
          [53, 53],
          [8000, 8100],
        ],
      },
    ),
    "from any to self tcp,udp 53,8000-8100",
  ],
  [service("udp from port 53", [[17, 17]], { sourcePorts: [[53, 53]] }), "from any port 53 to self udp"],
  [service("ping", [[1, 1]], { icmpTypes: [[8, 8]] }), "from any to self ping"],
  [service("icmp timestamp-request", [[1, 1]], { icmpTypes: [[13, 13]] }), "from any to self icmp 13"],
  [
    service("icmp+gre", [
      [1, 1],
      [47, 47],
    ]),
    "from any to self 1,gre",
  ],
  [service("everything", [[0, 255]]), "from any to self"],
  [
    service("every protocol but tcp", [
      [0, 5],
      [7, 255],
    ]),
    undefined,
  ],
  [
    service("icmp types", [[1, 1]], {
      icmpTypes: [
        [8, 8],
        [13, 13],
      ],
    }),
    undefined,
  ],
  [service("gre with ports", [[47, 47]], { ports: [[1, 2]] }), undefined],
])("$name", (of, question) => {
  const asked = askedService(of);
  const text = asked && cellQuestion({ family: 4, path: "in" }, "clients", asked, "any");
  expect(text).toBe(question && `ipv4 ${question}`);
  if (text !== undefined) expect(isQuestionFault(readQuestion(text))).toBe(false);
});

test("the ends are those of the path", () => {
  const asked = { clientPorts: "", service: "tcp 22" };
  const question = (path: "in" | "out" | "forward" | "local", axis: "clients" | "servers"): string =>
    cellQuestion({ family: 6, path }, axis, asked, "2001:db8::/32");
  expect(question("in", "clients")).toBe("ipv6 from 2001:db8::/32 to self tcp 22");
  expect(question("in", "servers")).toBe("ipv6 from any to 2001:db8::/32 tcp 22");
  expect(question("out", "servers")).toBe("ipv6 from self to 2001:db8::/32 tcp 22");
  expect(question("forward", "clients")).toBe("ipv6 from 2001:db8::/32 to any tcp 22");
  expect(question("local", "servers")).toBe("ipv6 from self to self tcp 22");
});

test("addresses are named while they are few", () => {
  expect(askedAddresses([[0, 0xffffffff]])).toBe("any");
  expect(
    askedAddresses([
      [0x0a000000, 0x0affffff],
      [0xc0000201, 0xc0000202],
    ]),
  ).toBe("10.0.0.0/8,192.0.2.1-192.0.2.2");
  expect(askedAddresses(Array.from({ length: 41 }, (_, index) => [index * 2, index * 2] as const))).toBeUndefined();
});
