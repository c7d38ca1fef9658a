/// Figures and health over HTTP, for everybody; see Http.mo.

import Http "../Http";
import State "../State";
import Types "../Types";
import Units "../Units";

mixin (state : State.State) {
  public query func http_request(request : Types.HttpRequest) : async Types.HttpResponse { Http.respond(state, request, Units.now()) };
};
