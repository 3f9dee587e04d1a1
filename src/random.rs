//! Mask keys from the operating system's random source (contract D12; RFC 6455
//! section 5.3 asks that they cannot be predicted).

/// A fresh key, or nothing if the system has no random bytes to give.
pub fn mask_key() -> Option<[u8; 4]> {
    let mut key = [0; 4];
    getrandom::fill(&mut key).ok().map(|()| key)
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
