// One picture, one request, with progress. XMLHttpRequest, because fetch cannot tell how much has been sent.

/**
 * @typedef {{ ref: string, url: string, width: number, height: number, alt: string, decorative: boolean, caption: string, credit: string,
 *   focal_x: number, focal_y: number, remote: string }} Picture
 */

/** What the server refused, in its own words; or, `lost`, that no answer came. */
export class UploadRefused extends Error {
  lost = false;
}

/**
 * @param {File} file
 * @param {{ address: string, csrf: string, failed: string, progress: (share: number) => void }} options `failed`: what to say without an answer
 * @returns {Promise<Picture>} rejected with `UploadRefused`
 */
export function upload(file, { address, csrf, failed, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-CSRFToken", csrf);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const answer = request.response;
      if (request.status === 201 && answer) resolve(answer);
      else reject(new UploadRefused(answer?.faults?.map((/** @type {any} */ fault) => fault.message).join(" ") || failed));
    });
    for (const trouble of ["error", "abort", "timeout"]) {
      request.addEventListener(trouble, () => reject(Object.assign(new UploadRefused(failed), { lost: true })));
    }
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

/** @param {DataTransfer | null} data @returns {File[]} the pictures in it, in their order */
export function picturesIn(data) {
  return data ? [...data.files].filter((file) => file.type.startsWith("image/")) : [];
}

/**
 * The facts of pictures that were uploaded before; of none where the server cannot be asked now.
 * @param {string} address @param {string[]} refs
 * @returns {Promise<Record<string, Picture>>}
 */
export async function knownPictures(address, refs) {
  try {
    const how = { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(10_000) };
    const response = await fetch(`${address}?refs=${encodeURIComponent(refs.join(","))}`, how);
    return response.ok ? (await response.json()).pictures : {};
  } catch {
    return {};
  }
}
