// The exchange is a static page that talks to canisters: nothing renders on a server.
export const ssr = false;
export const prerender = false;
