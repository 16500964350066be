// The one Trusted Types policy: htmx alone writes HTML, and only our service worker is registered.
export const policy = window.trustedTypes?.createPolicy("htmx", {
  createHTML: (text) => text,
  createScript: (text) => text,
  createScriptURL: (url) => (url === "/sw.js" ? url : null),
});

window.htmx?.registerExtension("tt", {
  init: (api) => policy && api.initSecurity(policy),
});
