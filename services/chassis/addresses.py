"""Is this address on the public internet? Asked of every address before we connect to it."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# `is_global` alone says yes to wrapped and forgotten ranges (NAT64, 6to4, Teredo, site-local,
# segment routing), through which a name could still lead to this machine or its neighbours.
_NOT_PUBLIC_4 = tuple(
    ip_network(block)
    for block in ("192.88.99.0/24", "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4")
)
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    ip_network(block)
    for block in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


def is_public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    match found:
        case IPv4Address():
            return found.is_global and not any(found in block for block in _NOT_PUBLIC_4)
        case IPv6Address():
            if found.ipv4_mapped is not None:
                return is_public(str(found.ipv4_mapped))
            known = found in _PUBLIC_6 and not any(found in block for block in _NOT_PUBLIC_6)
            return known and found.is_global
