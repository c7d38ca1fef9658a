/// Numbers and times as people read them, for error messages.

import Char "mo:core/Char";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Text "mo:core/Text";

module {
  /// "1234567" -> "1,234,567"
  func grouped(n : Nat) : Text {
    if (n < 1_000) return n.toText();
    let rest = n % 1_000;
    let padding = if (rest < 10) "00" else if (rest < 100) "0" else "";
    grouped(n / 1_000) # "," # padding # rest.toText();
  };

  func twoDigits(n : Nat) : Text = if (n < 10) "0" # n.toText() else n.toText();

  /// An amount in satoshi: "1,234 sats".
  public func sats(n : Nat) : Text = grouped(n) # " sats";

  /// An amount in bitcoin: "0.00123400 BTC".
  public func btc(sats : Nat) : Text {
    let rest = (sats % 100_000_000).toText();
    var zeros = "";
    while (zeros.size() + rest.size() < 8) zeros #= "0";
    grouped(sats / 100_000_000) # "." # zeros # rest # " BTC";
  };

  /// A price x 10^8 to the cent, rounded half-up: "$28,123.45".
  public func usd(e8 : Nat) : Text {
    let cents = (e8 + 500_000) / 1_000_000;
    "$" # grouped(cents / 100) # "." # twoDigits(cents % 100);
  };

  /// A share in parts per million as percent, to the hundredth of one: "4 %", "2.5 %".
  public func percent(ppm : Nat) : Text {
    let hundredths = ppm / 100;
    let rest = hundredths % 100;
    let decimals = if (rest == 0) "" else if (rest % 10 == 0) "." # (rest / 10).toText() else "." # twoDigits(rest);
    grouped(hundredths / 100) # decimals # " %";
  };

  /// A count: "1,234".
  public func count(n : Nat) : Text = grouped(n);

  /// A text from outside cut to `most` characters, so that a record can't grow without bound.
  public func shortened(text : Text, most : Nat) : Text {
    if (text.size() <= most) return text;
    var cut = "";
    var length = 0;
    label copying for (character in text.chars()) {
      if (length >= most) break copying;
      cut #= character.toText();
      length += 1;
    };
    cut # "...";
  };

  /// A text from outside as it can stand inside a sentence: what is invisible, ends a line or turns the direction of writing around becomes a question mark.
  public func plain(text : Text) : Text = text.map(func(character) = if (isPlain(character.toNat32())) character else '?');

  func isPlain(code : Nat32) : Bool {
    if (code < 0x20 or (code >= 0x7f and code < 0xa0)) return false;
    // Joiners and marks, line ends, embeddings and isolates, the byte order mark, tags.
    let invisible = (code >= 0x200b and code <= 0x200f) or (code >= 0x2028 and code <= 0x202e) or (code >= 0x2060 and code <= 0x206f);
    not (invisible or code == 0xad or code == 0x61c or code == 0xfeff or code >= 0xe0000);
  };

  /// The time of day: "08:05 UTC".
  public func clock(ns : Nat64) : Text {
    let minutes = (ns / 60_000_000_000).toNat() % 1_440;
    twoDigits(minutes / 60) # ":" # twoDigits(minutes % 60) # " UTC";
  };
};
