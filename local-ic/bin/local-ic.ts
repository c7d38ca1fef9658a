#!/usr/bin/env node
import { runOnLargeStack } from '../src/thread/largeStack.ts';

runOnLargeStack(new URL('../src/cli/main.ts', import.meta.url));
