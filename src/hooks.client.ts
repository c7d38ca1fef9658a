import type { HandleClientError } from '@sveltejs/kit';

/** An address that leads nowhere is answered by the error page; only faults of ours belong in the browser's log. */
export const handleError: HandleClientError = ({ error, status }) => {
  if (status !== 404) reportError(error);
};
