/// Lets tests call rules of the options canister that no healthy canister around it would exercise.
import Array "mo:core/Array";
import Format "../../../canisters/options/Format";
import Ledger "../../../canisters/options/Ledger";
import LegacyBorder "../../../canisters/shared/LegacyBorder";
import Nat "mo:core/Nat";
import Pages "../../../canisters/options/Pages";
import Sha256 "../../../canisters/options/Sha256";
import State "../../../canisters/options/State";
import Transfers "../../../canisters/options/Transfers";
import Types "../../../canisters/options/Types";

persistent actor {
  public query func judge(result : Ledger.TransferResult, unclear : Bool) : async Ledger.Verdict { Ledger.judge(result, unclear) };

  public query func cents(dollars : Float) : async ?Nat64 { LegacyBorder.cents(dollars) };

  public query func sha256(message : Blob) : async Blob { Sha256.digest(message) };

  public query func memo(kind : Text, id : Nat) : async Blob { Transfers.memo(kind, id) };

  public query func format(number : Nat, time : Nat64) : async [Text] {
    [Format.sats(number), Format.usd(number), Format.clock(time), Format.shortened(Nat.toText(number), 4)];
  };

  /// Ids with the time of their only attempt.
  public query func due_of(transfers : [(Nat, Nat64)], now : Nat64, limit : Nat) : async [Nat] {
    let attempts = transfers.map<(Nat, Nat64), (Nat, State.Attempts)>(
      func(id, last) = (id, { var count = 1; var last; var awaiting = false; var unclear = true })
    );
    Transfers.dueOf(attempts.values(), now, limit);
  };

  /// Pages over ids 10, 20, ... of which those divisible by `every` are shown.
  public query func newest_first(size : Nat, every : Nat, page : Types.Page) : async Types.Answer<Types.Rows<Nat>> {
    Pages.newestFirst<Nat>(size, func(index) = index * 10, page, func(id) = if (id / 10 % every == 0) ?id else null);
  };

  public query func oldest_first(size : Nat, every : Nat, page : Types.Page) : async Types.Answer<Types.Rows<Nat>> {
    Pages.oldestFirst<Nat>(size, page, func(index) = if (index % every == 0) ?index else null);
  };
};
