"""Files in an S3-compatible store, one object per digest. Requests are signed by AWS Signature Version 4.

The digest of a file is also the payload hash that such a request signs, so a store that checks signatures takes in
nothing that was changed on the way.
"""

import hashlib
import hmac
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import IO
from urllib.parse import quote, urlsplit

import httpx2

from shared.files.keeping import CHUNK, Files, FilesUnavailable, NoSuchFile, checked

EMPTY = hashlib.sha256(b"").hexdigest()
PATIENCE_SECONDS = 30.0


def signed(
    method: str, url: str, payload: str, *, key: str, secret: str, region: str, now: datetime, **more: str
) -> Mapping[str, str]:
    """The headers of a request for an address without a query. `payload` is the SHA-256 of the body; `more` are headers to
    sign beside, with `_` for `-`.
    """
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    address, scope = urlsplit(url), f"{stamp[:8]}/{region}/s3/aws4_request"
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    headers |= {"host": address.netloc, "x-amz-content-sha256": payload, "x-amz-date": stamp}
    names = ";".join(sorted(headers))
    listed = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    asked = "\n".join((method, quote(address.path, safe="/-_.~"), "", listed, names, payload))
    told = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(asked.encode()).hexdigest()))
    made = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        made = hmac.digest(made, part.encode(), "sha256")
    signature = hmac.digest(made, told.encode(), "sha256").hex()
    said = f"AWS4-HMAC-SHA256 Credential={key}/{scope},SignedHeaders={names},Signature={signature}"
    return {**headers, "authorization": said}


class S3Files(Files):
    """A bucket, by its address in path style: `https://host/bucket`."""

    def __init__(self, url: str, region: str, key: str, secret: str) -> None:
        self._url, self._region, self._key, self._secret = url, region, key, secret
        self._http = httpx2.Client(timeout=PATIENCE_SECONDS, trust_env=False)

    def put(self, source: IO[bytes], digest: str) -> None:
        if self.has(digest):
            return
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
        chunks = iter(lambda: source.read(CHUNK), b"")
        answer = self._ask("PUT", digest, digest, {"content-length": str(size)}, chunks)
        if answer.status_code != 200 and not self.has(digest):  # else somebody was quicker
            raise FilesUnavailable(f"PUT {answer.status_code}")

    def has(self, digest: str) -> bool:
        answer = self._ask("HEAD", digest)
        if answer.status_code not in (200, 404):
            raise FilesUnavailable(f"HEAD {answer.status_code}")
        return answer.status_code == 200

    def get(self, digest: str) -> Iterator[bytes]:
        answer = self._ask("GET", digest)
        if answer.status_code != 200:
            answer.close()
            raise NoSuchFile(digest) if answer.status_code == 404 else FilesUnavailable(f"GET {answer.status_code}")

        def chunks() -> Iterator[bytes]:
            try:
                yield from answer.iter_raw(CHUNK)
            except httpx2.HTTPError as error:
                raise FilesUnavailable(type(error).__name__) from error
            finally:
                answer.close()

        return checked(chunks(), digest)

    def close(self) -> None:
        self._http.close()

    def _ask(
        self,
        method: str,
        digest: str,
        payload: str = EMPTY,
        headers: Mapping[str, str] | None = None,
        content: Iterator[bytes] | None = None,
    ) -> httpx2.Response:
        url = f"{self._url}/{digest}"
        said = signed(
            method, url, payload, key=self._key, secret=self._secret, region=self._region, now=datetime.now(UTC)
        )
        request = self._http.build_request(method, url, headers={**(headers or {}), **said}, content=content)
        try:
            answer = self._http.send(request, stream=method == "GET")
        except httpx2.HTTPError as error:
            raise FilesUnavailable(type(error).__name__) from error
        return answer
