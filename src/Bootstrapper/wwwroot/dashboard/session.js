// Who is signed in, and what they may.

import { ApiError, request } from "./api.js";
import * as token from "./token.js";

const roles = ["viewer", "operator", "admin"];

/** @type {{name: string, role: string} | null} */
let who = null;

export const current = () => who;

/** Whether the role is at least this one: what it does not allow is not offered. @param {"viewer" | "operator" | "admin"} least */
export const may = least => roles.indexOf(who?.role ?? "") >= roles.indexOf(least);

/**
 * Asks who we are: by the token, or without one by the client certificate that the browser has shown.
 * @param {string | null} given A token to try; it is kept only when it is good.
 * @returns {Promise<boolean>} Whether it is somebody.
 */
export async function signIn(given) {
  try {
    who = await request("/api/v1/whoami", { token: given });
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      signOut();
      return false;
    }

    throw error;
  }

  if (given) {
    token.keep(given);
  }

  return true;
}

export function signOut() {
  who = null;
  token.drop();
}
