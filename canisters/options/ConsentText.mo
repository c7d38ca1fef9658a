/// How a consent message looks: as fields for a small display, as Markdown for a large one.

import Blob "mo:core/Blob";
import Char "mo:core/Char";
import Format "Format";
import Icrc21 "Icrc21";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Nat8 "mo:core/Nat8";
import Text "mo:core/Text";

module {
  /// `text`: this canister's own words. `quoted`: somebody else's, which are cleaned before they are shown. `sats`: at most all the bitcoin there is.
  public type Content = { #sats : Nat; #text : Text; #quoted : Text };
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
          rows.add((title, #TokenAmount { decimals = 8 : Nat8; amount = Nat64.fromNat(sats); symbol = "BTC" }));
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
          case (?e8) "`" # Format.btc(sats) # "` (" # Format.sats(sats) # ", " # dollars(sats, e8) # ")";
          case null "`" # Format.btc(sats) # "` (" # Format.sats(sats) # ")";
        };
      };
      text #= "\n**" # title # ":** " # value # "\n";
    };
    text;
  };

  func dollars(sats : Nat, priceE8 : Nat) : Text = "about " # Format.usd(sats * priceE8 / 100_000_000) # " at the newest price";

  /// Without what could end the quotation, begin a line, or turn the direction of the text around.
  public func clean(words : Text) : Text {
    let shown = Format.shortened(words, MOST_QUOTED);
    shown.map(func(character) = if (isPlain(character.toNat32())) character else '?');
  };

  func isPlain(code : Nat32) : Bool {
    if (code < 0x20 or code == 0x60 or (code >= 0x7f and code < 0xa0)) return false;
    // Invisible ones: joiners and marks, line ends, embeddings and isolates, the byte order mark, tags.
    let invisible = (code >= 0x200b and code <= 0x200f) or (code >= 0x2028 and code <= 0x202e) or (code >= 0x2060 and code <= 0x206f);
    not (invisible or code == 0xad or code == 0x61c or code == 0xfeff or code >= 0xe0000);
  };

  /// Bytes in hexadecimal digits, at most 32 of them.
  public func hex(bytes : Blob) : Text {
    let digits = "0123456789abcdef".chars().toArray();
    var text = "";
    for (byte in bytes.values().take(32)) text #= digits[byte.toNat() / 16].toText() # digits[byte.toNat() % 16].toText();
    if (bytes.size() > 32) text # "..." else text;
  };
};
