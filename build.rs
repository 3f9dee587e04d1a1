//! Names the shared library and, with the feature `headers`, regenerates the C
//! headers from the Rust sources.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=WSLAY_SOVERSION");
    set_soname();
    #[cfg(feature = "headers")]
    headers::generate();
}

/// Gives `libwslay.so` the SONAME that programs linked to wslay ask for:
/// `$WSLAY_SOVERSION`, by default 1 where Debian's package set that name and 0,
/// as upstream's own build has it, elsewhere. cargo-c passes a name of its own.
fn set_soname() {
    let target_os = env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    let elf = env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "unix")
        && !matches!(target_os.as_str(), "macos" | "ios" | "emscripten");
    if !elf || env::var_os("CARGO_FEATURE_CAPI").is_some() {
        return;
    }
    let debian = std::path::Path::new("/etc/debian_version").exists();
    let default = if debian { "1" } else { "0" };
    let version = env::var("WSLAY_SOVERSION").unwrap_or_else(|_| default.to_string());
    println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libwslay.so.{version}");
}

#[cfg(feature = "headers")]
mod headers {
    use std::env;
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Writes the three headers into `$WSLAY_HEADER_DIR`, by default `include/wslay`.
    pub fn generate() {
        println!("cargo:rerun-if-changed=src");
        println!("cargo:rerun-if-changed=cbindgen");
        println!("cargo:rerun-if-env-changed=WSLAY_HEADER_DIR");
        let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
        let directory =
            env::var_os("WSLAY_HEADER_DIR").map_or_else(|| root.join("include/wslay"), PathBuf::from);
        fs::create_dir_all(&directory).expect("the header directory can be made");
        let library: &[&str] = &[
            "src/abi.rs",
            "src/capi/event/context.rs",
            "src/capi/event/transfer.rs",
            "src/capi/event/queue.rs",
            "src/capi/event/state.rs",
            "src/capi/frame.rs",
        ];
        write(&root, "cbindgen/wslay.toml", library, &directory.join("wslay.h"));
        let extensions: &[&str] =
            &["src/capi/extensions.rs", "src/capi/handshake/server.rs", "src/capi/handshake/client.rs"];
        write(&root, "cbindgen/wslayx.toml", extensions, &directory.join("wslayx.h"));
        let version = env::var("CARGO_PKG_VERSION").expect("set by cargo");
        let template = fs::read_to_string(root.join("cbindgen/wslayver.h.in")).expect("template");
        fs::write(directory.join("wslayver.h"), template.replace("@VERSION@", &version))
            .expect("wslayver.h can be written");
    }

    fn write(root: &Path, config: &str, sources: &[&str], header: &Path) {
        let config = cbindgen::Config::from_file(root.join(config)).expect("a cbindgen config");
        let mut builder = cbindgen::Builder::new().with_config(config);
        for source in sources {
            builder = builder.with_src(root.join(source));
        }
        builder.generate().expect("the sources parse").write_to_file(header);
    }
}
