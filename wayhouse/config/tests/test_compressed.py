import gzip

from django.test import Client


def test_pages_go_out_compressed_where_the_browser_takes_it(db: None) -> None:
    plain = Client().get("/help/").content
    packed = Client(headers={"accept-encoding": "gzip"}).get("/help/")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(packed.content)) == len(plain)
    assert len(packed.content) * 3 < len(plain)
