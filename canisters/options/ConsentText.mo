/// How a consent message looks: as fields for a small display, as Markdown for a large one.

import Blob "mo:core/Blob";
import Char "mo:core/Char";
import Format "Format";
import Icrc21 "Icrc21";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Nat8 "mo:core/Nat8";
import Text "mo:core/Text";

module {
  /// `text`: this canister's own words. `quoted`: somebody else's, which are cleaned before they are shown. `sats`: at most all the bitcoin there is.
  public type Content = { #sats : Nat64; #text : Text; #quoted : Text };
  public type Field = (Text, Content);
  public type Summary = { intent : Text; fields : [Field] };

  /// What may be quoted at most, characters.
  let MOST_QUOTED : Nat = 64;

  /// `price`: of a bitcoin, USD x 10^8, if one is known.
  public func fields({ fields } : Summary, price : ?Nat) : [(Text, Icrc21.Value)] {
    let rows = List.empty<(Text, Icrc21.Value)>();
    for ((title, content) in fields.values()) {
      switch content {
        case (#text content) rows.add((title, #Text { content }));
        case (#quoted words) rows.add((title, #Text { content = clean(words) }));
        case (#sats sats) {
          rows.add((title, #TokenAmount { decimals = 8 : Nat8; amount = sats; symbol = "BTC" }));
          switch price {
            case (?e8) rows.add((title # " in dollars", #Text { content = dollars(sats, e8) }));
            case null {};
          };
        };
      };
    };
    rows.toArray();
  };

  public func markdown({ intent; fields } : Summary, price : ?Nat) : Text {
    var text = "# " # intent # "\n";
    for ((title, content) in fields.values()) {
      let value = switch content {
        case (#text words) words;
        case (#quoted words) "`" # clean(words) # "`";
        case (#sats sats) switch price {
          case (?e8) "`" # Format.btc(sats.toNat()) # "` (" # Format.sats(sats.toNat()) # ", " # dollars(sats, e8) # ")";
          case null "`" # Format.btc(sats.toNat()) # "` (" # Format.sats(sats.toNat()) # ")";
        };
      };
      text #= "\n**" # title # ":** " # value # "\n";
    };
    text;
  };

  func dollars(sats : Nat64, priceE8 : Nat) : Text = "about " # Format.usd(sats.toNat() * priceE8 / 100_000_000) # " at the newest price";

  /// As one line that can't end its own quotation.
  func clean(words : Text) : Text = Format.plain(Format.shortened(words, MOST_QUOTED)).replace(#char '`', "'");

  /// Bytes in hexadecimal digits, at most 32 of them.
  public func hex(bytes : Blob) : Text {
    let digits = "0123456789abcdef".chars().toArray();
    var text = "";
    for (byte in bytes.values().take(32)) text #= digits[byte.toNat() / 16].toText() # digits[byte.toNat() % 16].toText();
    if (bytes.size() > 32) text # "..." else text;
  };
};
