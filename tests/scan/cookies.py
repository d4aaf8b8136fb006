"""Builds a demonstration and signs two of its people in; prints their cookies as JSON."""

import json

from benchmarks.subjects import built, cookie_of


def main() -> None:
    """Build and print."""
    cast = built()
    print(json.dumps({handle: cookie_of(cast, handle) for handle in ("cass", "ana")}))  # noqa: T201  for scanning.py


if __name__ == "__main__":
    main()
