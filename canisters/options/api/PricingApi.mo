/// The exchange's pricing, open to everybody.

import FairValues "../FairValues";
import Types "../Types";

mixin () {
  public query func fair_values(rows : [FairValues.Row]) : async Types.Answer<[FairValues.Values]> { FairValues.of(rows) };
};
