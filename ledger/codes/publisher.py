"""Publishers and their authority (domain.md row 62)."""

from ledger.code import Code, code_list


@code_list("inline", nl="Stand van de machtiging", en="State of the authority")
class AuthorityState(Code):
    AUTHORISED = "authorised", "Gemachtigd", "Authorised"
    SUSPENDED = "suspended", "Geschorst", "Suspended"
    REVOKED = "revoked", "Ingetrokken", "Revoked"
