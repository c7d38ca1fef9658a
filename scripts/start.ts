// The network in a thread whose stack takes the deepest recursion of a canister.
import { runOnLargeStack } from 'local-ic/large-stack';

runOnLargeStack(new URL('network.ts', import.meta.url));
