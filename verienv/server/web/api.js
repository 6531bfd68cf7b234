// What the server is asked for. A failure is an Error with the server's own words.

export class Failed extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

async function answered(response) {
  const told = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failed(told.error?.code ?? "failed", told.error?.message ?? `answer ${response.status}`);
  return told;
}

export async function get(name, wanted = {}, signal = undefined) {
  const query = new URLSearchParams(wanted).toString();
  return answered(await fetch(`/api/${name}${query ? `?${query}` : ""}`, { signal }));
}

export async function post(name, body, signal = undefined) {
  const headers = { "content-type": "application/json" };
  return answered(await fetch(`/api/${name}`, { method: "POST", headers, body: JSON.stringify(body), signal }));
}

export async function upload(name, file) {
  const headers = { "content-type": "application/octet-stream" };
  const wanted = new URLSearchParams({ name: file.name });
  return answered(await fetch(`/api/${name}?${wanted}`, { method: "POST", headers, body: file }));
}

export const pictureUrl = (wanted) => `/api/picture?${new URLSearchParams(wanted)}`;

let kept;
export function families() {
  kept ??= get("families").catch((error) => {
    kept = undefined;
    throw error;
  });
  return kept;
}

// Only the newest of several requests counts: those before it are given up.
export function newest() {
  let under;
  return async (work) => {
    under?.abort();
    const mine = (under = new AbortController());
    try {
      const told = await work(mine.signal);
      return mine.signal.aborted ? undefined : told;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  };
}
