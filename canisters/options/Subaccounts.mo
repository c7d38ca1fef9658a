/// Everybody's own account at this canister on the ledger: who sends bitcoin there needs no allowance.

import Blob "mo:core/Blob";
import List "mo:core/List";
import Nat8 "mo:core/Nat8";
import Principal "mo:core/Principal";

module {
  /// The subaccount that belongs to a principal, as other canisters derive it too: its length, its bytes, zeros up to 32.
  public func of(owner : Principal) : Blob {
    let name = owner.toBlob();
    let bytes = List.empty<Nat8>();
    bytes.add(Nat8.fromNat(name.size()));
    for (byte in name.values()) bytes.add(byte);
    let zero : Nat8 = 0;
    while (bytes.size() < 32) bytes.add(zero);
    Blob.fromArray(bytes.toArray());
  };
};
