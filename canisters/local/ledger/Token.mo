/// The token's constants: those of ckBTC on mainnet.
module {
  public let NAME = "ckBTC";
  public let SYMBOL = "ckBTC";
  public let DECIMALS : Nat8 = 8;
  /// Satoshi a transfer or an approval costs; it is destroyed.
  public let FEE = 10;
  public let MAX_MEMO_BYTES = 32;
  /// The real ledger counts in 64-bit numbers: no account, allowance or supply can be larger.
  public let MAX_AMOUNT = 18_446_744_073_709_551_615;
  /// How far back `created_at_time` may lie, ns: 24 hours.
  public let WINDOW_NS : Nat64 = 86_400_000_000_000;
  /// How far in the future `created_at_time` may lie, ns: 60 seconds.
  public let DRIFT_NS : Nat64 = 60_000_000_000;
};
