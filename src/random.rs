//! Keys from the operating system's random source: RFC 6455 asks that nobody can predict
//! those of the masks (section 5.3, contract D12) and of the handshake (section 4.1).

/// A fresh mask key, or nothing if the system has no random bytes to give.
pub fn mask_key() -> Option<[u8; 4]> {
    bytes()
}

/// The 16 bytes of a client's `Sec-WebSocket-Key`, or nothing as above.
pub fn handshake_nonce() -> Option<[u8; 16]> {
    bytes()
}

fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok().map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d12_keys_differ() {
        let keys: std::collections::HashSet<_> = (0..64).map(|_| mask_key().unwrap()).collect();
        assert!(keys.len() > 60);
    }
}
