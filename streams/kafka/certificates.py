"""Certificates for brokers that have none from elsewhere: an authority of one's own, and one certificate for all brokers.

For tests and demonstrations on loopback, and for brokers in containers (``ledger kafka certificates``).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ledger.errors import UsageError
from streams.clock import SystemClock

LOOPBACK = ("localhost", "127.0.0.1")
VALID = timedelta(days=397)
"""How long a broker's certificate is valid."""
AUTHORITY_VALID = timedelta(days=3650)
RENEWED = timedelta(days=60)
"""A certificate that is valid no longer than this is made anew."""
_PEM = serialization.Encoding.PEM


class Certificates(msgspec.Struct, frozen=True):
    """Where they stand, as PEM."""

    authority: Path
    """The certificate that clients trust."""
    broker: Path
    """Key, certificate and authority in one file, as a broker takes it."""


class _Signer(msgspec.Struct, frozen=True):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def make_certificates(folder: Path, hosts: Sequence[str] = LOOPBACK) -> Certificates:
    """Make an authority and a broker's certificate in a folder; the authority's key is kept nowhere."""
    folder.mkdir(parents=True, exist_ok=True)
    made, now = Certificates(folder / "authority.pem", folder / "broker.pem"), SystemClock().now()
    signer = _authority(now)
    made.authority.write_bytes(signer.certificate.public_bytes(_PEM))
    _write_broker(made.broker, signer, hosts, now)
    return made


def keep_certificates(folder: Path, hosts: Sequence[str], now: datetime) -> tuple[Certificates, bool]:
    """What :func:`make_certificates` makes, kept: what is there and valid long enough for these hosts stays.

    The authority's key is kept in the folder too, so that another certificate of the brokers is trusted by the clients of the first.
    Answers whether the brokers' certificate is a new one: they are to be started again then.

    :raises UsageError: the folder cannot be written, or holds something else.
    """
    made, secret = Certificates(folder / "authority.pem", folder / "broker.pem"), folder / "authority.key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not secret.exists():
            signer = _authority(now)
            made.authority.write_bytes(signer.certificate.public_bytes(_PEM))
            _write_secret(secret, _key_bytes(signer.key))
        key = serialization.load_pem_private_key(secret.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise UsageError(f"{secret} is not the key of an authority that this command made: name another folder with --out")
        signer = _Signer(x509.load_pem_x509_certificate(made.authority.read_bytes()), key)
        if made.broker.exists() and _serves(x509.load_pem_x509_certificate(made.broker.read_bytes()), hosts, now):
            return made, False
        _write_broker(made.broker, signer, hosts, now)
    except (OSError, ValueError) as error:
        raise UsageError(f"the certificates in {folder} cannot be made or read: {error}; name another folder with --out") from error
    return made, True


def _serves(certificate: x509.Certificate, hosts: Sequence[str], now: datetime) -> bool:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return certificate.not_valid_after_utc - now > RENEWED and set(_names(hosts)) <= set(names)


def _authority(now: datetime) -> _Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    return _Signer(_certificate("trajectory ledger: authority of the brokers", key, None, AUTHORITY_VALID, (), now), key)


def _write_broker(file: Path, signer: _Signer, hosts: Sequence[str], now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate("trajectory ledger: broker", key, signer, VALID, hosts, now)
    _write_secret(file, _key_bytes(key) + certificate.public_bytes(_PEM) + signer.certificate.public_bytes(_PEM))


def _write_secret(file: Path, content: bytes) -> None:
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.replace(file)


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _names(hosts: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for host in hosts:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            found.append(x509.DNSName(host))
    return found


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: _Signer | None, valid: timedelta, hosts: Sequence[str], now: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signed_by = key if issuer is None else issuer.key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + valid)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName(_names(hosts)), critical=False)
    return builder.sign(signed_by, hashes.SHA256())
