/** The names an asset configuration may give in `security_policy`. */
export const SECURITY_POLICIES = ['disabled', 'standard', 'hardened'] as const;
export type SecurityPolicy = (typeof SECURITY_POLICIES)[number];

const DENIED_FEATURES = [
  'accelerometer',
  'ambient-light-sensor',
  'autoplay',
  'battery',
  'camera',
  'cross-origin-isolated',
  'display-capture',
  'document-domain',
  'encrypted-media',
  'execution-while-not-rendered',
  'execution-while-out-of-viewport',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'keyboard-map',
  'magnetometer',
  'microphone',
  'midi',
  'navigation-override',
  'payment',
  'picture-in-picture',
  'publickey-credentials-get',
  'screen-wake-lock',
  'sync-xhr',
  'usb',
  'web-share',
  'xr-spatial-tracking',
  'clipboard-read',
  'clipboard-write',
  'gamepad',
  'speaker-selection',
  'conversion-measurement',
  'focus-without-user-activation',
  'hid',
  'idle-detection',
  'interest-cohort',
  'serial',
  'sync-script',
  'trust-token-redemption',
  'window-placement',
  'vertical-scroll'
];

const STANDARD_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self';script-src 'self';connect-src 'self' http://localhost:* https://icp0.io https://*.icp0.io https://icp-api.io;" +
    "img-src 'self' data:;style-src * 'unsafe-inline';style-src-elem * 'unsafe-inline';font-src *;object-src 'none';base-uri 'self';" +
    "frame-ancestors 'none';form-action 'self';upgrade-insecure-requests;",
  'permissions-policy': DENIED_FEATURES.map((feature) => `${feature}=()`).join(', '),
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '1; mode=block'
};

/**
 * Response headers (lower-case names) of a security policy, as `dfx info security-policy` prints them.
 *
 * "standard" and "hardened" are the same headers: to dfx, "hardened" only says that the project has tightened them itself
 * through explicit `headers`, which always win.
 */
export function securityPolicyHeaders(policy: SecurityPolicy): Readonly<Record<string, string>> {
  return policy === 'disabled' ? {} : STANDARD_HEADERS;
}
