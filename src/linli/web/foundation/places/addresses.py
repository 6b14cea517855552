"""Standard addresses (clause H9), findable by any two neighbouring characters."""

from collections.abc import Iterable

from linli.web.foundation.places.models import Address, AddressGram

__all__ = ["address_grams", "keep_addresses"]


def address_grams(text: str) -> list[str]:
    """The two-character pieces of an address; a single character for itself."""
    plain = "".join(sign for sign in text.lower() if not sign.isspace())
    if len(plain) == 1:
        return [plain]
    return list(dict.fromkeys(plain[i : i + 2] for i in range(len(plain) - 1)))


def keep_addresses(addresses: Iterable[Address]) -> int:
    """Keep addresses and what they are found by; one that is known already is left as it is."""
    known = set(Address.objects.values_list("code", flat=True))
    fresh = Address.objects.bulk_create([one for one in addresses if one.code not in known], batch_size=500)
    AddressGram.objects.bulk_create(
        [AddressGram(gram=gram, address=one) for one in fresh for gram in address_grams(one.text)],
        batch_size=1000,
    )
    return len(fresh)
