"""The headers of the embed's document and of its loader (docs/security.md §4). `liveblog.security` puts them on."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings


def own_origins() -> list[str]:
    """This site's origins, from the settings alone: SITE_URL first, then every other name it answers to, on the same scheme and port."""
    site = urlsplit(settings.SITE_URL)
    port = f":{site.port}" if site.port else ""
    # A policy has no spelling for an IPv6 address.
    hosts = [f"*{host}" if host.startswith(".") else host for host in settings.ALLOWED_HOSTS if not host.startswith("[")]
    return list(dict.fromkeys([settings.SITE_URL, *(f"{site.scheme}://{host}{port}" for host in hosts)]))


def embed_policy() -> str:
    """Hosts are named in full, since the document's origin is opaque and `'self'` would match nothing. Any site may frame it."""
    origins = own_origins()
    site = " ".join(origins)
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in origins)
    return (
        f"default-src 'none'; script-src {site}; style-src {site}; img-src {site} data:; media-src {site}; "
        f"connect-src {site} {sockets}; base-uri 'none'; form-action 'none'; frame-ancestors *; "
        "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; "
        "require-trusted-types-for 'script'; trusted-types entry-html"
    )


def embed_headers(path: str) -> dict[str, str]:
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    if path.startswith("/embed/"):
        headers["Content-Security-Policy"] = embed_policy()
    return headers
