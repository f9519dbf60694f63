/** The parameters that the kernel's helper modules take, with its defaults. Times are seconds. */
export interface HelperSettings {
  /** nf_conntrack_ftp, loose: data connections to third parties are expected as well. */
  readonly ftpLoose: boolean;
  readonly ircMaxDccChannels: number;
  readonly ircDccTimeout: number;
  readonly sipTimeout: number;
  /** Calls are expected from the registrar only. */
  readonly sipDirectSignalling: boolean;
  /** Media go between the ends of the signalling connection only. */
  readonly sipDirectMedia: boolean;
  readonly amandaTimeout: number;
  readonly netbiosTimeout: number;
  readonly snmpTimeout: number;
}

/** The kernel's defaults. */
export const HELPER_SETTINGS: HelperSettings = {
  ftpLoose: false,
  ircMaxDccChannels: 8,
  ircDccTimeout: 300,
  sipTimeout: 3600,
  sipDirectSignalling: true,
  sipDirectMedia: true,
  amandaTimeout: 300,
  netbiosTimeout: 3,
  snmpTimeout: 30,
};
