/// SHA-256 (FIPS 180-4), for the audit chain.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Nat "mo:core/Nat";
import Nat32 "mo:core/Nat32";
import Nat64 "mo:core/Nat64";
import Nat8 "mo:core/Nat8";
import VarArray "mo:core/VarArray";

module {
  let K : [Nat32] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ];

  /// The 32-byte digest of a message.
  public func digest(message : Blob) : Blob {
    let bytes = padded(message);
    let h : [var Nat32] = [
      var 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];
    let w = VarArray.repeat<Nat32>(0, 64);
    var offset = 0;
    while (offset < bytes.size()) {
      block(bytes, offset, w, h);
      offset += 64;
    };
    Blob.fromArray(
      Array.tabulate<Nat8>(32, func(i) = Nat8.fromNat(((h[i / 4] >> Nat32.fromNat(24 - 8 * (i % 4))) & 0xff).toNat()))
    );
  };

  /// The message, a one bit, zeros, and the length in bits: a multiple of 64 bytes.
  func padded(message : Blob) : [Nat8] {
    let size = message.size();
    let total = (size + 9 + 63) / 64 * 64;
    let bits = Nat64.fromNat(size) * 8;
    let source = message.toArray();
    Array.tabulate<Nat8>(
      total,
      func(i) {
        if (i < size) return source[i];
        if (i == size) return 0x80;
        let fromEnd = total - 1 - i : Nat;
        if (fromEnd < 8) Nat8.fromNat(((bits >> Nat64.fromNat(8 * fromEnd)) & 0xff).toNat()) else 0;
      },
    );
  };

  func block(bytes : [Nat8], offset : Nat, w : [var Nat32], h : [var Nat32]) {
    for (i in Nat.range(0, 16)) {
      let at = offset + 4 * i;
      w[i] := (word(bytes[at]) << 24) | (word(bytes[at + 1]) << 16) | (word(bytes[at + 2]) << 8) | word(bytes[at + 3]);
    };
    for (i in Nat.range(16, 64)) {
      let a = w[i - 15];
      let b = w[i - 2];
      let s0 = (a <>> 7) ^ (a <>> 18) ^ (a >> 3);
      let s1 = (b <>> 17) ^ (b <>> 19) ^ (b >> 10);
      w[i] := w[i - 16] +% s0 +% w[i - 7] +% s1;
    };
    var a = h[0];
    var b = h[1];
    var c = h[2];
    var d = h[3];
    var e = h[4];
    var f = h[5];
    var g = h[6];
    var hh = h[7];
    for (i in Nat.range(0, 64)) {
      let s1 = (e <>> 6) ^ (e <>> 11) ^ (e <>> 25);
      let choice = (e & f) ^ ((^e) & g);
      let t1 = hh +% s1 +% choice +% K[i] +% w[i];
      let s0 = (a <>> 2) ^ (a <>> 13) ^ (a <>> 22);
      let majority = (a & b) ^ (a & c) ^ (b & c);
      hh := g;
      g := f;
      f := e;
      e := d +% t1;
      d := c;
      c := b;
      b := a;
      a := t1 +% s0 +% majority;
    };
    let state = [a, b, c, d, e, f, g, hh];
    for (i in Nat.range(0, 8)) h[i] := h[i] +% state[i];
  };

  func word(byte : Nat8) : Nat32 = Nat32.fromNat(byte.toNat());
};
