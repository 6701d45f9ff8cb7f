"""The servers of the tests of remote sources. A test is skipped where a library of it is not installed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.stores import Bucket, WebHost, no_trouble, s3_server, web_server


@pytest.fixture(scope="session")
def running_s3() -> Iterator[Bucket]:
    pytest.importorskip("obstore", reason="obstore, of the extra `remote`, is not installed")
    pytest.importorskip("moto.server", reason="moto[server], of the group `stores`, is not installed")
    with s3_server() as bucket:
        yield bucket


@pytest.fixture(scope="session")
def running_web() -> Iterator[WebHost]:
    pytest.importorskip("obstore", reason="obstore, of the extra `remote`, is not installed")
    pytest.importorskip("werkzeug", reason="moto[server], of the group `stores`, is not installed")
    with web_server() as host:
        yield host


@pytest.fixture
def s3(running_s3: Bucket) -> Bucket:
    """Return an S3 server without trouble, whose requests so far are forgotten."""
    running_s3.watched.asked.clear()
    running_s3.watched.trouble = no_trouble
    return running_s3


@pytest.fixture
def web(running_web: WebHost) -> WebHost:
    """Return an HTTP server without trouble, whose requests so far are forgotten."""
    running_web.watched.asked.clear()
    running_web.watched.trouble = no_trouble
    return running_web
