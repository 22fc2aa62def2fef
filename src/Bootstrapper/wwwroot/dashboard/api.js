// Asks the API, and turns what goes wrong into words.

/** What the API refused, in its own words (RFC 9457). */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when there was no answer. @param {string} message
   * @param {boolean} [forcible] Whether it is done all the same for an admin who says `force`.
   */
  constructor(status, message, forcible = false) {
    super(message);
    this.status = status;
    this.forcible = forcible;
  }
}

/** The bootstrapper's clock less ours, in milliseconds: phones in machine rooms are off by minutes. */
let ahead = 0;

/** What time it is on the bootstrapper, by which all that it tells is dated. */
export const now = () => Date.now() + ahead;

/** Is told when nobody is signed in any more: the session is over, or its token was removed. */
export const unauthorized = new EventTarget();

/**
 * @param {string} path
 * @param {{method?: string, body?: object, type?: string, revision?: number, signal?: AbortSignal, headers?: Record<string, string>}} [options]
 * `revision`: of the machine as it was seen; when it has changed since, the answer is 412.
 * @returns {Promise<any>}
 */
export async function request(path, options = {}) {
  const response = await send(path, options);
  return response.status === 204 ? null : response.json();
}

/** The same, for answers that are read as they come. @returns {Promise<Response>} */
export async function send(path, { method = "GET", body, type = "application/json", revision, signal, headers = {} } = {}) {
  const response = await fetch(path, {
    method,
    signal,
    cache: "no-store",
    headers: {
      ...headers,
      "X-Requested-With": "dashboard", // by it the bootstrapper knows that no page of another site asks with our cookie
      ...(body ? { "Content-Type": type } : {}),
      ...(revision === undefined ? {} : { "If-Match": `"${revision}"` }),
    },
    body: body && JSON.stringify(body),
  }).catch(error => {
    throw signal?.aborted ? error : new ApiError(0, "The bootstrapper does not answer.");
  });
  noteTime(response);
  if (!response.ok) {
    throw await problemOf(response);
  }

  return response;
}

function noteTime(response) {
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date && Math.abs(date - now()) > 2000) { // a Date header tells whole seconds
    ahead = date - Date.now();
  }
}

async function problemOf(response) {
  if (response.status === 401) {
    unauthorized.dispatchEvent(new Event("unauthorized"));
  }

  const problem = await response.json().catch(() => ({}));
  return new ApiError(response.status, problem.detail ?? problem.title ?? `The bootstrapper answered ${response.status}.`, problem.forcible === true);
}

/** Part of a path. */
export const part = encodeURIComponent;

/** A query, without what is empty. @param {Record<string, any>} parameters */
export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}
