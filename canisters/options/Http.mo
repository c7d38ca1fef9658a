/// What the exchange answers to HTTP, by the IC's gateway protocol: metrics and health. Answers are not certified, so a gateway serves them
/// on its raw domain only (`<canister>.raw.icp0.io`).

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Cycles "mo:core/Cycles";
import Health "Health";
import Metrics "Metrics";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Reports "Reports";
import State "State";
import Text "mo:core/Text";
import Types "Types";

module {
  /// More than any honest request has.
  let MAX_URL : Nat = 2_000;
  let MAX_HEADERS : Nat = 100;

  func answer(status : Nat16, body : Text) : Types.HttpResponse = {
    status_code = status;
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")];
    body = body.encodeUtf8();
  };

  public func respond(state : State.State, request : Types.HttpRequest, now : Nat64) : Types.HttpResponse {
    if (request.url.encodeUtf8().size() > MAX_URL) return answer(414, "The address is longer than 2,000 bytes; there are /metrics and /health.\n");
    if (request.headers.size() > MAX_HEADERS) return answer(431, "The request has more than 100 headers.\n");
    let page = path(request.url);
    if (page != "/metrics" and page != "/health") return answer(404, "There is no such page; there are /metrics and /health.\n");
    let isHead = request.method == "HEAD";
    if (not isHead and request.method != "GET") {
      let refused = answer(405, "Only GET and HEAD are answered here.\n");
      return { refused with headers = refused.headers.concat([("Allow", "GET, HEAD")]) };
    };
    let found = if (page == "/metrics") metrics(state, now) else health(state, now);
    if isHead { { found with body = "" : Blob } } else found;
  };

  /// The address without what follows a question mark or a hash.
  func path(url : Text) : Text {
    let end = func(character : Char) : Bool = character == '?' or character == '#';
    switch (url.split(#predicate end).next()) {
      case (?front) front;
      case null "";
    };
  };

  func metrics(state : State.State, now : Nat64) : Types.HttpResponse {
    let plain = answer(200, Metrics.text(state, Reports.overview(state, now), now));
    { plain with headers = [("Content-Type", Metrics.CONTENT_TYPE), ("Cache-Control", "no-store")] };
  };

  func health(state : State.State, now : Nat64) : Types.HttpResponse {
    let reasons = Health.reasons(state, now, Cycles.balance());
    if (reasons.size() == 0) answer(200, "ok\n") else answer(503, reasons.values().join("\n") # "\n");
  };
};
