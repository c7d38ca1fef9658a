/// Remembers transactions that carry `created_at_time`, so that a resent one is answered with the first one's block.
import Blob "mo:core/Blob";
import Map "mo:core/Map";
import Queue "mo:core/Queue";
import Token "Token";
import Types "Types";

module {
  public type Deduplication = {
    blocks : Map.Map<Blob, Nat>;
    /// The same keys in the order of their blocks: the oldest is in front, so forgetting needs no search.
    order : Queue.Queue<{ key : Blob; timestamp : Nat64 }>;
  };

  public func empty() : Deduplication = { blocks = Map.empty(); order = Queue.empty() };

  /// Everything that makes two transactions the same one: the Candid encoding of all arguments, the memo and the time included.
  public func key(transaction : Types.Transaction) : Blob = to_candid (transaction);

  /// Refuses a transaction that is too old, from the future or a duplicate. Without `created_at_time` nothing is checked.
  public func check(
    self : Deduplication,
    transaction : Types.Transaction,
    now : Nat64,
  ) : ?{ #TooOld; #CreatedInFuture : { ledger_time : Nat64 }; #Duplicate : { duplicate_of : Nat } } {
    let ?created = transaction.created_at_time else return null;
    if (created < now and now - created > Token.WINDOW_NS) return ?#TooOld;
    if (created > now and created - now > Token.DRIFT_NS) return ?#CreatedInFuture({ ledger_time = now });
    switch (Map.get(self.blocks, Blob.compare, key(transaction))) {
      case (?duplicate_of) ?#Duplicate({ duplicate_of });
      case null null;
    };
  };

  /// Remembers an accepted transaction, if it asked for deduplication.
  public func remember(self : Deduplication, transaction : Types.Transaction, block : Nat, now : Nat64) {
    if (transaction.created_at_time == null) return;
    let k = key(transaction);
    Map.add(self.blocks, Blob.compare, k, block);
    Queue.pushBack(self.order, { key = k; timestamp = now });
  };

  /// Forgets what can't be sent again: after window and drift every `created_at_time` it could have had is too old.
  public func prune(self : Deduplication, now : Nat64) {
    label pruning loop {
      let ?oldest = Queue.peekFront(self.order) else break pruning;
      if (oldest.timestamp + Token.WINDOW_NS + Token.DRIFT_NS >= now) break pruning;
      ignore Queue.popFront(self.order);
      Map.remove(self.blocks, Blob.compare, oldest.key);
    };
  };

  public func size(self : Deduplication) : Nat = Map.size(self.blocks);
};
