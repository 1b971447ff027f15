from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Files named by their content, compressed once, cached for ever; the imports inside ES modules are renamed with them."""

    support_js_module_import_aggregation = True
    manifest_strict = False
