"""The proxy that this computer goes through, as its own settings say; where the environment names one, that one counts.

Asked on a worker: some systems run a script to find out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

_NAMED_BY_ENVIRONMENT = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
_SCHEMES = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5",
}


def _ask_system(url: str) -> list[QNetworkProxy]:
    return QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url)))


def system_proxy(url: str, ask: Callable[[str], list[QNetworkProxy]] = _ask_system) -> str | None:
    """Return the URL of the proxy to an address; None for a direct way, or to leave it to the environment.

    The environment has its own exceptions (`NO_PROXY`), which whoever makes the connection reads.
    """
    if any(os.environ.get(name) for name in _NAMED_BY_ENVIRONMENT):
        return None
    for proxy in ask(url):
        if proxy.type() == QNetworkProxy.ProxyType.NoProxy:
            return None
        scheme = _SCHEMES.get(proxy.type())
        if scheme is not None and proxy.hostName():
            return f"{scheme}://{_credentials(proxy)}{_bracketed(proxy.hostName())}:{proxy.port()}"
    return None


def _credentials(proxy: QNetworkProxy) -> str:
    if not proxy.user():
        return ""
    return f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
