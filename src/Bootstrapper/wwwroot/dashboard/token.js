// The bearer token. It lives as long as the tab and is sent in a header; no address and no other tab ever has it.

const place = "bootstrapper.token";

export const get = () => sessionStorage.getItem(place);

/** @param {string} token */
export const keep = token => sessionStorage.setItem(place, token);

export const drop = () => sessionStorage.removeItem(place);
