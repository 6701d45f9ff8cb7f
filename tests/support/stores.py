"""Stores on this machine: moto's S3 server with a bucket, and stores of an HTTP server of the tests."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

BUCKET = "clips"
KEY, SECRET = "AKIAEXAMPLEEXAMPLE", "not-a-secret-but-looked-for"


@dataclass(frozen=True)
class Bucket:
    """A bucket of an S3 server: its client, and what makes a store of it."""

    endpoint: str
    client: Any

    def put(self, key: str, data: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=key, Body=data)

    def store(self, prefix: str | None = None) -> Any:
        from obstore.store import S3Store

        return S3Store(
            BUCKET,
            prefix=prefix,
            endpoint=self.endpoint,
            region="us-east-1",
            access_key_id=KEY,
            secret_access_key=SECRET,
            client_options={"allow_http": True},
            virtual_hosted_style_request=False,
        )


@contextlib.contextmanager
def s3_server() -> Iterator[Bucket]:
    """Run an S3 server in this process, on a port that is free."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )
        client.create_bucket(Bucket=BUCKET)
        yield Bucket(endpoint, client)
    finally:
        server.stop()
