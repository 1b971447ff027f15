/** Ends a sign-in that was opened beside a desk: tells the page that opened it, and closes. */
if (window.opener) {
  window.opener.postMessage({ liveblog: "signed-in" }, window.location.origin);
  window.close();
}
