/// The audit trail: every admin call that changed something, who, when, what, before and after. Each entry's hash covers the
/// one before it, so a line can't be changed or dropped later without every later hash changing.

import Blob "mo:core/Blob";
import List "mo:core/List";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Sha256 "Sha256";
import State "State";
import Text "mo:core/Text";

module {
  type State = State.State;

  /// Appends an entry. `before` and `after`: the changed value as text.
  public func record(state : State, who : Principal, at : Nat64, action : Text, before : Text, after : Text) {
    let id = state.audit.size();
    let previous = switch (state.audit.last()) {
      case (?entry) entry.hash;
      case null "" : Blob;
    };
    state.audit.add({ id; at_ns = at; who; action; before; after; hash = hash(previous, id, at, who, action, before, after) });
  };

  /// SHA-256 of the previous entry's hash and, as UTF-8, `length:value` for each of id, time, principal, action, before and
  /// after, where length counts characters: unambiguous, and easy to check in any language.
  public func hash(previous : Blob, id : Nat, at : Nat64, who : Principal, action : Text, before : Text, after : Text) : Blob {
    var text = "";
    for (part in [id.toText(), at.toText(), who.toText(), action, before, after].values()) {
      text #= part.size().toText() # ":" # part;
    };
    Sha256.digest(Blob.fromArray(joined(previous, text.encodeUtf8())));
  };

  func joined(first : Blob, second : Blob) : [Nat8] {
    let bytes = List.empty<Nat8>();
    for (byte in first.values()) bytes.add(byte);
    for (byte in second.values()) bytes.add(byte);
    bytes.toArray();
  };
};
