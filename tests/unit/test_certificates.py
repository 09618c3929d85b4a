"""Certificates that are kept: what is there stays, what soon expires is made anew, and clients need no other authority."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from ledger.errors import UsageError
from streams.kafka.certificates import RENEWED, VALID, keep_certificates

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOSTS = ("kafka1", "kafka2", "10.0.0.9")


def certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_what_is_there_and_serves_stays(tmp_path: Path) -> None:
    made, renewed = keep_certificates(tmp_path / "tls", HOSTS, NOW)
    assert renewed
    assert {stat.S_IMODE(file.stat().st_mode) for file in (made.broker, tmp_path / "tls" / "authority.key")} == {0o600}
    before = made.broker.read_bytes()
    assert keep_certificates(tmp_path / "tls", HOSTS[:2], NOW + VALID - RENEWED - timedelta(days=1)) == (made, False)
    assert made.broker.read_bytes() == before
    assert sorted(file.name for file in (tmp_path / "tls").iterdir()) == ["authority.key", "authority.pem", "broker.pem"]


@pytest.mark.parametrize(("hosts", "later"), [((*HOSTS, "kafka3"), timedelta()), (HOSTS, VALID - RENEWED + timedelta(days=1))])
def test_another_host_or_an_end_that_is_near_gives_another_certificate_by_the_same_authority(
    tmp_path: Path, hosts: tuple[str, ...], later: timedelta
) -> None:
    made, _ = keep_certificates(tmp_path, HOSTS, NOW)
    authority, first = certificate(made.authority), certificate(made.broker)
    assert keep_certificates(tmp_path, hosts, NOW + later) == (made, True)
    second = certificate(made.broker)
    assert (certificate(made.authority), second == first) == (authority, False)
    second.verify_directly_issued_by(authority)
    names = second.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(name.value) for name in names} == set(hosts)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.broker)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "authority.key").write_text("not a key")
    with pytest.raises(UsageError, match="name another folder with --out"):
        keep_certificates(tmp_path, HOSTS, NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["authority.key"]
