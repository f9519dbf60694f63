/** What the Host panel shows of a machine; everything is text as people write it. */
export interface HostPage {
  /** Nobody described the machine: this is what is taken for granted. */
  readonly assumed: boolean;
  readonly interfaces: readonly HostInterface[];
  /** Routes that somebody wrote; those that follow from addresses are left out. */
  readonly routes: readonly HostRoute[];
  /** Settings that the form has fields for come first, in the form's order; then all others that are said. */
  readonly settings: readonly HostSetting[];
  /** Policy-routing rules, in words. */
  readonly rules: readonly string[];
  /** Ports on which programs listen: `tcp/22`; undefined where nobody says. */
  readonly listeners: readonly string[] | undefined;
  /** What is taken for granted, one sentence each. */
  readonly sentences: readonly string[];
  /** The machine as `ferrule host` prints it. */
  readonly text: string;
}

export interface HostInterface {
  readonly name: string;
  readonly link: "ethernet" | "loopback" | "none";
  readonly up: boolean;
  readonly mtu: number;
  /** `192.0.2.1/24` */
  readonly addresses: readonly string[];
  /** The bridge that it is a port of. */
  readonly bridge: string | undefined;
  /** Networks that are reached by it: its own ones, and those that routes lead to. */
  readonly networks: readonly HostNetwork[];
}

export interface HostNetwork {
  /** `192.0.2.0/24`, `everything else` */
  readonly name: string;
  /** The gateway in between. */
  readonly via: string | undefined;
}

export interface HostRoute {
  /** Its place in the host's own list. */
  readonly index: number;
  readonly to: string;
  readonly type: string;
  readonly via: string;
  readonly device: string;
  /** Metric, source, table … as `ip route` says them; empty for a plain one. */
  readonly more: string;
}

export interface HostSetting {
  readonly name: string;
  /** Undefined where it is not said, and the kernel's default holds. */
  readonly value: number | undefined;
  readonly usual: number | undefined;
}

/** A change that the form makes. */
export type HostChange =
  | { readonly do: "adopt" }
  | { readonly do: "add-interface"; readonly name: string }
  | { readonly do: "remove-interface"; readonly name: string }
  | {
      readonly do: "interface";
      readonly name: string;
      readonly field: "name" | "addresses" | "link" | "mtu" | "up" | "bridge";
      readonly value: string;
    }
  | { readonly do: "add-route"; readonly to: string; readonly via: string; readonly device: string }
  | { readonly do: "remove-route"; readonly index: number }
  | { readonly do: "route"; readonly index: number; readonly field: "to" | "via" | "device"; readonly value: string }
  /** `tcp/22 udp/53`; undefined says nothing of them. */
  | { readonly do: "listeners"; readonly value: string | undefined }
  /** A whole number; empty says nothing of it. */
  | { readonly do: "setting"; readonly name: string; readonly value: string };

/** What came of a change: the new text of the machine, or one sentence that says what is wrong. */
export type Changed = { readonly text: string } | { readonly fault: string };

/** What came of an import: the texts that change and what was taken, or what is wrong and where in what was given. */
export type Imported =
  | { readonly host: string | undefined; readonly sets: string | undefined; readonly taken: string }
  | { readonly fault: string; readonly line: number; readonly column: number };
