/// How much work the decoder may do for a message before it gives up. Every argument is decoded before the first line of its method runs, and calls of canisters
/// don't pass Inspection.mo: this canister pays for what they send. docs/decisions/0005-engine.md has what each kind of argument costs.

import Prim "mo:prim";

module {
  /// To be called at every start: the runtime forgets it with an upgrade. It counts for the answers of other canisters, too.
  ///
  /// Values: one for three bytes of the message, and 128. The densest that is sent here in earnest, a row of the legacy platform's users, has more than five
  /// bytes a value. Types: twice what the method's own take, and 512 bytes: room for what newer clients and canisters may add. Both count because finding the
  /// alternative a variant stands at takes some 50 instructions for each that its type lists.
  public func set<system>() {
    Prim.setCandidLimits<system>({ numerator = 1; denominator = 3; bias = 128 });
    Prim.setCandidTypeLimits<system>({ scalar = 2; bias = 512 });
  };
};
