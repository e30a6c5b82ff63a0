//! What limits callers who have not signed in.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::str::FromStr;

/// How often one address may ask the public calculators.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicLimits {
    /// How many requests a minute, in the long run.
    pub per_minute: NonZeroU32,
    /// How many at once, after a rest.
    pub burst: NonZeroU32,
    /// The proxies whose word about the address of a caller is taken.
    pub trusted_proxies: Vec<Network>,
}

impl PublicLimits {
    /// The address of the caller: that of the connection or, where that is a trusted proxy, the last address in
    /// `X-Forwarded-For` that is none. What stands before that one is the caller's own claim.
    pub fn caller(&self, peer: IpAddr, forwarded: &str) -> IpAddr {
        let mut caller = peer.to_canonical();
        for hop in forwarded.rsplit(',') {
            if !self.trusted_proxies.iter().any(|proxy| proxy.holds(caller)) {
                break;
            }
            let Some(before) = address(hop.trim()) else { break };
            caller = before;
        }
        caller
    }
}

/// An address, which some proxies write with its port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.parse::<IpAddr>().ok();
    let address = bare.or_else(|| text.parse::<SocketAddr>().ok().map(|with_port| with_port.ip()));
    address.map(|address| address.to_canonical())
}

/// One address, or all that begin with the same bits: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether an address is in it.
    pub fn holds(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    fn most_bits(address: IpAddr) -> u8 {
        match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        }
    }
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| ())?)),
            None => (text, None),
        };
        let address = address.parse::<IpAddr>().map_err(|_| ())?;
        let most = Self::most_bits(address);
        let bits = bits.unwrap_or(most);
        if bits <= most { Ok(Self { address, bits }) } else { Err(()) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bits == Self::most_bits(self.address) {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{}/{}", self.address, self.bits)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn behind(proxies: &[&str]) -> PublicLimits {
        PublicLimits {
            per_minute: NonZeroU32::MIN,
            burst: NonZeroU32::MIN,
            trusted_proxies: proxies.iter().map(|proxy| proxy.parse().unwrap()).collect(),
        }
    }

    #[track_caller]
    fn check(proxies: &[&str], peer: &str, forwarded: &str, caller: &str) {
        let found = behind(proxies).caller(peer.parse().unwrap(), forwarded);
        assert_eq!(found.to_string(), caller);
    }

    #[test]
    fn nobody_is_believed_about_his_own_address() {
        check(&[], "203.0.113.9", "192.0.2.1", "203.0.113.9");
        check(&["10.0.0.1"], "203.0.113.9", "192.0.2.1", "203.0.113.9");
        check(&["10.0.0.1"], "10.0.0.1", "198.51.100.7, 192.0.2.1", "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_so_is_one_before_it() {
        check(&["10.0.0.0/8"], "10.0.0.1", "198.51.100.7, 192.0.2.1, 10.1.2.3", "192.0.2.1");
        check(&["10.0.0.0/8"], "::ffff:10.0.0.1", "192.0.2.1:4711", "192.0.2.1");
        check(&["::1"], "::1", "2001:db8::7", "2001:db8::7");
        // A proxy that says nothing, or nothing that can be read, is the caller itself.
        check(&["10.0.0.1"], "10.0.0.1", "", "10.0.0.1");
        check(&["10.0.0.1"], "10.0.0.1", "192.0.2.1, unknown", "10.0.0.1");
    }

    #[test]
    fn networks_are_read_and_written() {
        for text in ["192.0.2.7", "10.0.0.0/8", "0.0.0.0/0", "::1", "2001:db8::/32", "::/0"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        for text in ["", "x", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0/8", "10.0.0.1:80", "10.0.0.0/"]
        {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.holds("203.0.113.9".parse().unwrap()) && !all.holds("::1".parse().unwrap()));
    }
}
