//! Which hosts on a network are the clinic's own.
//!
//! Owns the ranges of addresses that no router carries away, and the names that a house gives itself. Must not resolve a
//! name: `core::net` knows addresses and has no sockets.

use core::net::{IpAddr, Ipv4Addr};

/// Whether an address is on this machine or on its own network: loopback (RFC 1122 3.2.1.3, RFC 4291 2.5.3), private
/// (RFC 1918), unique local (RFC 4193) or link-local (RFC 3927, RFC 4291 2.5.6). An IPv4 address in IPv6's clothes is what it
/// is beneath.
pub fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_near_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_near_v4(address),
            None => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
        },
    }
}

fn is_near_v4(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_private() || address.is_link_local()
}

/// Whether a host, as a web address names it, is the clinic's own by its form: an address of [`is_near`], a name of one word
/// (`scanner`, `localhost`), or one that multicast DNS alone gives (`*.local`, RFC 6762). What a name resolves to must be
/// looked at again when it is used.
pub fn is_near_host(host: &str) -> bool {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    if let Ok(address) = bare.parse::<IpAddr>() {
        return is_near(address);
    }
    let host = host.to_ascii_lowercase();
    let name = host.strip_suffix(".local").unwrap_or(&host);
    // `0x08080808` and `134744072` are numbers that the C library takes for addresses: no name begins with a digit here.
    let plain = |label: &str| {
        (1..=63).contains(&label.len())
            && label.starts_with(|c: char| c.is_ascii_lowercase())
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if name.len() == host.len() {
        return plain(name);
    }
    name.split('.').all(plain)
}

/// The host that a plain web address names: `http://` or `https://`, a host, a port, a path, and nothing that two readers
/// could understand in two ways (a user, an escape, a backslash, a query).
pub fn host_of(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"))?;
    let odd = |c: char| !c.is_ascii_graphic() || matches!(c, '@' | '%' | '\\' | '?' | '#' | '"' | '<' | '>');
    if rest.contains(odd) {
        return None;
    }
    let authority = rest.split('/').next()?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => {
            let end = inner.find(']')? + 2;
            authority.split_at_checked(end)?
        }
        None => authority.split_at_checked(authority.find(':').unwrap_or(authority.len()))?,
    };
    let numbered = match port.strip_prefix(':') {
        Some(number) => number.parse::<u16>().is_ok_and(|number| number > 0),
        None => port.is_empty(),
    };
    (!host.is_empty() && numbered).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_clinics_own() {
        for host in [
            "127.0.0.1",
            "127.8.9.1",
            "10.0.0.7",
            "172.16.0.1",
            "172.31.255.254",
            "192.168.1.20",
            "169.254.10.1",
            "[::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[::ffff:192.168.0.9]",
            "localhost",
            "scanner",
            "GPU-box",
            "reader.local",
            "a.b.local",
        ] {
            assert!(is_near_host(host), "{host}");
        }
        for host in [
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "192.169.0.1",
            "100.64.0.1",
            "0.0.0.0",
            "[2001:db8::1]",
            "[::ffff:8.8.8.8]",
            "[::]",
            "api.example.com",
            "example.com.",
            "com.",
            "127.1",
            "134744072",
            "0x08080808",
            "1.2.3.4.local",
            "",
            ".local",
            "local.evil.com",
            "reader.local.",
            "a..local",
            "reader.localx",
            "-a",
            "[fe80::1",
            "a_b",
        ] {
            assert!(!is_near_host(host), "{host}");
        }
    }

    #[test]
    fn the_host_of_a_plain_address() {
        for (url, host) in [
            ("http://127.0.0.1:8080/v1", Some("127.0.0.1")),
            ("https://reader.local/v1/chat/completions", Some("reader.local")),
            ("http://[::1]:8080", Some("[::1]")),
            ("http://scanner", Some("scanner")),
            ("http://127.0.0.1@evil.com/", None),
            ("http://127.0.0.1:80@evil.com/", None),
            ("http://evil.com\\@127.0.0.1/", None),
            ("http://evil.com%2f@localhost/", None),
            ("http://localhost:0/", None),
            ("http://localhost:99999/", None),
            ("http://localhost:80x/", None),
            ("http://[::1]x/", None),
            ("http:///v1", None),
            ("ftp://localhost/", None),
            ("localhost:8080", None),
            ("http://local host/", None),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }
}
