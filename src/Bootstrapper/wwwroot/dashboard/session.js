// Who is signed in, and what they may. The browser keeps a cookie for it that no script can read and that all tabs share; what happens
// in one of them is told to the others.

import { ApiError, request } from "./api.js";

const roles = ["viewer", "operator", "admin"];
const tabs = new BroadcastChannel("bootstrapper");

/** @type {{name: string, role: string} | null} */
let who = null;

export const current = () => who;

/** Whether the role is at least this one: what it does not allow is not offered. @param {"viewer" | "operator" | "admin"} least */
export const may = least => roles.indexOf(who?.role ?? "") >= roles.indexOf(least);

/** @param {(isSignedIn: boolean) => void} hear Is told what somebody did in another tab. */
export const onOtherTab = hear => tabs.addEventListener("message", ({ data }) => hear(data === "in"));

/** Asks who we are: by the cookie, or without one by the client certificate that the browser has shown. */
export const recognize = () => learn(request("/api/v1/whoami"));

/** @param {string} token @returns {Promise<boolean>} Whether it is somebody's. */
export async function signIn(token) {
  const isSomebody = await learn(request("/api/v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } }));
  isSomebody && tabs.postMessage("in");
  return isSomebody;
}

/** @returns {Promise<boolean>} Whether the bootstrapper was told; what cannot be told to it ends by itself. */
export async function signOut() {
  const isOut = await request("/api/v1/session", { method: "DELETE", signal: AbortSignal.timeout(5000) })
    .then(() => true, error => error instanceof ApiError && error.status === 401);
  who = null;
  tabs.postMessage("out");
  return isOut;
}

/** @param {Promise<any>} answer @returns {Promise<boolean>} */
async function learn(answer) {
  try {
    who = await answer;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) {
      throw error;
    }

    who = null;
  }

  return who !== null;
}
