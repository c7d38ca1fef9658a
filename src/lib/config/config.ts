/** Read once at start from /config.json, which the deploy writes: one build serves every network. Validated by `loadConfig`. */
export interface AppConfig {
  readonly network: 'local' | 'ic';
  /** Where canister calls go, e.g. "https://icp-api.io"; "" is the page's own origin. */
  readonly host: string;
  readonly canisters: { readonly options: string; readonly ledger: string; readonly legacy: string | undefined };
  /** The window that logs people in, e.g. "https://id.ai". */
  readonly identityProvider: string;
  readonly derivationOrigin: string | undefined;
  /** Set on networks whose prices are a recording; the screen says so, with the recorded date. */
  readonly replay: { readonly source: string; readonly anchorNs: bigint; readonly recordingStartNs: bigint } | undefined;
  /** Whether the network's ledger gives test bitcoin away. */
  readonly testBitcoin: boolean;
  /** What the site's keeper has switched off; read again while the page is open. */
  readonly switches: SiteSwitches;
}

/** A service that is false is switched off for everybody who uses this site; what isn't named is on. */
export type SiteSwitches = Readonly<Partial<Record<'balances' | 'admin' | 'settlement' | 'entry', boolean>>>;
