/// What a call that moves money does, in words that its caller can check before signing it (ICRC-21). A wallet shows them as they are, so nothing that came
/// with the call may look like anything but a value of it.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import ConsentText "ConsentText";
import Format "Format";
import Icrc21 "Icrc21";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import PriceBook "PriceBook";
import Principal "mo:core/Principal";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// The calls there are messages for, with their arguments.
  public type Call = {
    #place_order : Types.OrderRequest;
    #cancel_order : Nat64;
    #settle : Nat64;
    #deposit : Types.DepositRequest;
    #fund_treasury : Types.DepositRequest;
    #withdraw : Types.WithdrawalRequest;
    #withdraw_treasury : Types.WithdrawalRequest;
    #fund_migration : Types.DepositRequest;
    #withdraw_migration : Types.WithdrawalRequest;
    #notify_deposit;
    #cancel_withdrawal : Text;
    #settle_legacy : Nat64;
  };

  public let METHODS : [Text] = [
    "place_order",
    "cancel_order",
    "settle",
    "settle_legacy",
    "deposit",
    "notify_deposit",
    "withdraw",
    "cancel_withdrawal",
    "fund_treasury",
    "withdraw_treasury",
    "fund_migration",
    "withdraw_migration",
  ];
  /// The canister's other methods: they move no money, or are for operators who decide about someone else's.
  let OTHERS : [Text] = [
    "approve", "approve_withdrawal", "check_reserves", "decline_withdrawal", "fair_values", "get_account", "get_deposit", "get_deposit_account",
    "get_flags", "get_import_report", "get_market", "get_movements", "get_overview", "get_position", "get_position_by_client_id", "get_positions",
    "get_price", "get_prices", "get_reserves", "get_version", "get_withdrawal", "get_withdrawals", "grant_role", "http_request",
    "icrc10_supported_standards", "icrc21_canister_call_consent_message", "import_legacy", "list_audit", "list_awaiting_withdrawals", "list_deposits",
    "list_expiries", "list_imports", "list_positions", "list_positions_at", "list_proposals", "list_roles", "list_set_aside", "list_users",
    "list_withdrawals", "my_roles", "pause_entry", "propose", "quote", "report_legacy_mismatch", "report_mismatch", "restart_timers", "resume_entry", "revoke_role",
    "set_flags", "set_settings", "set_tenor", "withdraw_proposal",
  ];
  /// More than any argument these calls accept.
  public let MAX_ARGUMENT : Nat = 1_000;

  /// Reads a call's argument. Traps on what is no Candid, so it must run in a message of its own; null on Candid of another type.
  public func decode(method : Text, arg : Blob) : ?Call = switch method {
    case "place_order" do ? { let request : ?Types.OrderRequest = from_candid arg; #place_order(request!) };
    case "cancel_order" do ? { let id : ?Nat64 = from_candid arg; #cancel_order(id!) };
    case "settle" do ? { let id : ?Nat64 = from_candid arg; #settle(id!) };
    case "deposit" do ? { let request : ?Types.DepositRequest = from_candid arg; #deposit(request!) };
    case "fund_treasury" do ? { let request : ?Types.DepositRequest = from_candid arg; #fund_treasury(request!) };
    case "withdraw" do ? { let request : ?Types.WithdrawalRequest = from_candid arg; #withdraw(request!) };
    case "withdraw_treasury" do ? { let request : ?Types.WithdrawalRequest = from_candid arg; #withdraw_treasury(request!) };
    case "fund_migration" do ? { let request : ?Types.DepositRequest = from_candid arg; #fund_migration(request!) };
    case "withdraw_migration" do ? { let request : ?Types.WithdrawalRequest = from_candid arg; #withdraw_migration(request!) };
    case "notify_deposit" do ? { let nothing : ?() = from_candid arg; nothing!; #notify_deposit };
    case "cancel_withdrawal" do ? { let id : ?Text = from_candid arg; #cancel_withdrawal(id!) };
    case "settle_legacy" do ? { let id : ?Nat64 = from_candid arg; #settle_legacy(id!) };
    case _ null;
  };

  /// Null when there can be a message for a call, judged by what costs nothing to look at.
  public func unsupported({ method; arg } : Icrc21.Request) : ?Icrc21.Response {
    if (METHODS.find(func(known) = known == method) == null) {
      let description = "There are consent messages for " # METHODS.values().join(", ") # " only.";
      // The standard has one word for a call that would fail and another for one that works but has no message.
      let exists = OTHERS.find(func(known) = known == method) != null;
      return ?#Err(if exists #ConsentMessageUnavailable { description } else #UnsupportedCanisterCall { description });
    };
    if (arg.size() > MAX_ARGUMENT) return ?refused("The argument is longer than any that " # method # " accepts.");
    null;
  };

  public func unreadable(method : Text) : Icrc21.Response = refused("The argument is not that of " # method # " in this canister's interface.");

  func refused(description : Text) : Icrc21.Response = #Err(#UnsupportedCanisterCall { description });

  public func respond(state : State, caller : Principal, call : Call, device : ?Icrc21.Device) : Icrc21.Response {
    if (outOfRange(call)) return refused("An amount, a price or an id of the argument is out of any range this canister accepts.");
    let price = switch (PriceBook.newest(state)) {
      case (?entry) ?entry.price.toNat();
      case null null;
    };
    let summary = describe(state, caller, call);
    #Ok {
      consent_message = switch device {
        case (?#FieldsDisplay) #FieldsDisplayMessage { intent = summary.intent; fields = ConsentText.fields(summary, price) };
        case (?#GenericDisplay or null) #GenericDisplayMessage(ConsentText.markdown(summary, price));
      };
      metadata = { language = "en"; utc_offset_minutes = null };
    };
  };

  /// Whether a number is larger than its method could ever take, so that no message needs to be made of it.
  func outOfRange(call : Call) : Bool {
    func sats(amount : Nat64) : Bool = not Units.isSats(amount);
    switch call {
      case (#notify_deposit) false;
      // Shown as it is, shortened.
      case (#cancel_withdrawal _) false;
      case (#cancel_order id or #settle id or #settle_legacy id) id > 1_000_000_000_000_000;
      case (#deposit { amount_sats } or #fund_treasury { amount_sats } or #fund_migration { amount_sats }) sats(amount_sats);
      case (#withdraw { amount_sats } or #withdraw_treasury { amount_sats } or #withdraw_migration { amount_sats }) sats(amount_sats);
      case (#place_order { instrument; strike; max_premium_sats; max_payout_sats }) {
        let most = switch max_payout_sats { case (?named) named; case null 0 : Nat64 };
        let size = switch instrument {
          case (#digital { payout_sats }) sats(payout_sats);
          case (#capped { notional_sats; cap_e8 }) sats(notional_sats) or not Units.isPrice(cap_e8);
        };
        let level = switch strike { case (#at e8) e8; case (#offset e8) Units.magnitude(e8) };
        size or sats(most) or sats(max_premium_sats) or not Units.isPrice(level);
      };
    };
  };

  func describe(state : State, caller : Principal, call : Call) : ConsentText.Summary = switch call {
    case (#place_order request) order(request);
    case (#cancel_order id) cancellation(state, caller, id);
    case (#settle id) settlement(id);
    case (#deposit request) deposit(state, caller, request, "Deposit bitcoin into your exchange account");
    case (#fund_treasury request) deposit(state, caller, request, "Give bitcoin to the exchange's treasury");
    case (#fund_migration request) deposit(state, caller, request, "Give bitcoin to the exchange's migration account");
    case (#withdraw request) withdrawal(state, request, "Withdraw bitcoin from your exchange account", MAY_WAIT);
    case (#withdraw_treasury request) withdrawal(state, request, "Withdraw bitcoin from the exchange's treasury", GOES);
    case (#withdraw_migration request) withdrawal(state, request, "Withdraw bitcoin from the exchange's migration account", GOES);
    case (#notify_deposit) sweep(state);
    case (#cancel_withdrawal id) takenBack(id);
    case (#settle_legacy id) legacySettlement(id);
  };

  func takenBack(id : Text) : ConsentText.Summary = {
    intent = "Take back a withdrawal that waits for approval";
    fields = [
      ("Request", #quoted id),
      ("What happens", #text "if it still waits for an operator, its amount is back in your account; otherwise nothing changes"),
    ];
  };

  func legacySettlement(id : Nat64) : ConsentText.Summary = {
    intent = "Settle a position of the legacy platform";
    fields = [
      ("Position", #text(id.toText())),
      ("What happens", #text "if it has expired, the legacy platform is told to pay its owner there what the recorded bitcoin price makes it pay; nothing is taken from you"),
    ];
  };

  let GOES : Text = "the amount leaves at once; if the ledger refuses it, it is back in the account";
  let MAY_WAIT : Text = "the amount leaves at once or, if it is large, when an operator agrees; if it is refused, it is back in your account";

  func sweep(state : State) : ConsentText.Summary {
    let rest : [ConsentText.Field] = [("What happens", #text "all bitcoin that lies in your own deposit account at the exchange is credited to your exchange account")];
    { intent = "Credit a deposit to your exchange account"; fields = rest.concat(fee(state, "out of what lies there")) };
  };

  func cancellation(state : State, caller : Principal, id : Nat64) : ConsentText.Summary {
    let order : [ConsentText.Field] = [("Order", #text(id.toText()))];
    {
      intent = "Cancel an option order";
      fields = order.concat(own(state, caller, id)).concat([("What happens", #text "everything the order holds back is released to your account; if its fill minute has begun, nothing changes")]);
    };
  };

  func settlement(id : Nat64) : ConsentText.Summary = {
    intent = "Settle an option position";
    fields = [
      ("Position", #text(id.toText())),
      ("What happens", #text "if it has expired, its owner's account gets what the recorded bitcoin price makes it pay; nothing is taken from you"),
    ];
  };

  func deposit(state : State, caller : Principal, { request_id; amount_sats } : Types.DepositRequest, intent : Text) : ConsentText.Summary {
    let from = if (caller.isAnonymous()) "the ckBTC account of whoever signs this" else "your ckBTC account " # caller.toText();
    let money : [ConsentText.Field] = [("Amount", #sats amount_sats), ("From", #text from)];
    { intent; fields = money.concat(fee(state, "on top of the amount")).concat([("Request", #quoted request_id)]) };
  };

  func withdrawal(state : State, { request_id; amount_sats; to } : Types.WithdrawalRequest, intent : Text, outcome : Text) : ConsentText.Summary {
    let account : [ConsentText.Field] = switch (to.subaccount) {
      case null [("To", #text(to.owner.toText()))];
      case (?bytes) [("To", #text(to.owner.toText())), ("Subaccount", #text(ConsentText.hex(bytes)))];
    };
    let money : [ConsentText.Field] = [("Amount", #sats amount_sats)];
    let rest : [ConsentText.Field] = [("What happens", #text outcome), ("Request", #quoted request_id)];
    { intent; fields = money.concat(account).concat(fee(state, "out of the amount")).concat(rest) };
  };

  func fee(state : State, how : Text) : [ConsentText.Field] = switch (state.ledger.fee) {
    case (?sats) [("Ledger fee", #text("at present " # Format.sats(sats.toNat()) # ", " # how))];
    case null [("Ledger fee", #text("the ledger's, " # how))];
  };

  func order({ client_order_id; instrument; tenor; strike; max_premium_sats; max_payout_sats } : Types.OrderRequest) : ConsentText.Summary {
    let contract : [ConsentText.Field] = switch instrument {
      case (#digital { direction; payout_sats }) [
        ("Option", #text("pays a fixed amount if bitcoin settles " # beyond(direction) # " the strike")),
        ("Pays", #sats payout_sats),
      ];
      case (#capped { direction; notional_sats; cap_e8 }) [
        ("Option", #text("pays what bitcoin settles " # beyond(direction) # " the strike, up to a cap")),
        ("On", #sats notional_sats),
        ("Cap", #text(Format.usd(cap_e8.toNat()) # " a bitcoin")),
      ];
    };
    let most : [ConsentText.Field] = switch max_payout_sats {
      case (?named) [("Pays at most", #sats named)];
      case null [];
    };
    {
      intent = "Buy a bitcoin option";
      fields = contract.concat(most).concat([
        ("Strike", #text(level(strike))),
        ("Runs for", #quoted tenor),
        ("You pay at most", #sats max_premium_sats),
        ("What happens", #text "that much is held back now; at the bitcoin price of the next whole minute the premium is taken and the rest released, or the order is cancelled"),
        ("Order", #quoted client_order_id),
      ]);
    };
  };

  func beyond(direction : Types.Direction) : Text = switch direction { case (#call) "above"; case (#put) "below" };

  func level(strike : Types.StrikeChoice) : Text = switch strike {
    case (#at e8) Format.usd(e8.toNat());
    case (#offset e8) if (e8 == 0) "the price at the fill" else Format.usd(Units.magnitude(e8).toNat()) # (if (e8 > 0) " above" else " below") # " the price at the fill";
  };

  /// An order of the caller's own; others' are as good as absent.
  func own(state : State, caller : Principal, id : Nat64) : [ConsentText.Field] {
    let ?position = Positions.find(state, id.toNat()) else return [];
    if (position.trader.owner != caller) return [];
    [("Named", #quoted(position.clientOrderId)), ("Holds back", #sats(position.maxPremium))];
  };
};
