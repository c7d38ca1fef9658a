import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, vi, type MockInstance } from 'vitest';

// jsdom has the dialog element but not its modal methods: as much of them as a component can see. The browser tests use the real ones.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};

// A warning in the console is a fault that nobody has looked at yet: it fails the test it comes from.
let consoles: MockInstance[] = [];

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  consoles = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  const messages = consoles.flatMap((spy) => spy.mock.calls);
  vi.restoreAllMocks();
  expect(messages, 'messages on the console').toEqual([]);
});
