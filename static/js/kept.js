/**
 * What a reader's device keeps: how far they had read of each blog, what they chose. It is sent nowhere, and a device that refuses to keep
 * anything (or holds something odd) is a device on which nobody has read or chosen yet.
 */

const NAME = "liveblog";
// Blogs, the ones seen last.
const MOST = 30;

/** @returns {{announce?: string, blogs?: Record<string, object>}} */
export function recall() {
  try {
    return Object(JSON.parse(localStorage.getItem(NAME)));
  } catch {
    return {};
  }
}

/** @returns {{order?: string, ref?: string, at?: number, oldest?: boolean, key?: boolean}} of the blog whose page this is */
export function ofThisBlog() {
  return Object(Object(recall().blogs)[location.pathname]);
}

/** @param {object} facts */
export function keep(facts) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ ...recall(), ...facts }));
  } catch {
    // Then it is not kept.
  }
}

/** @param {object} facts laid over what is known of the blog whose page this is */
export function keepOfThisBlog(facts) {
  const others = Object.entries(Object(recall().blogs)).filter(([path]) => path !== location.pathname);
  keep({ blogs: Object.fromEntries([...others, [location.pathname, { ...ofThisBlog(), ...facts }]].slice(-MOST)) });
}
