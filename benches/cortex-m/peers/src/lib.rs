//! What a till's firmware would write over each of these libraries, for the bench. Every function returns how many bytes
//! of a result it wrote to `out`, 0 where something is wrong.
#![no_std]

mod http;
mod json;
mod token;

use core::slice;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

/// The caller's bytes: input, and room for what is made of it.
#[repr(C)]
pub struct Job {
    text: *const u8,
    text_len: usize,
    key: *const u8,
    key_len: usize,
    now: i64,
    out: *mut u8,
    out_len: usize,
}

impl Job {
    fn text(&self) -> &'static [u8] {
        // SAFETY: the driver's inputs are constants of these lengths.
        unsafe { slice::from_raw_parts(self.text, self.text_len) }
    }

    fn key(&self) -> &'static [u8] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts(self.key, self.key_len) }
    }

    fn out(&mut self) -> Out<'_> {
        // SAFETY: the driver's buffer has this length, and nothing else uses it meanwhile.
        Out { buf: unsafe { slice::from_raw_parts_mut(self.out, self.out_len) }, len: 0 }
    }
}

/// Where texts are copied to, one behind the other.
struct Out<'a> {
    buf: &'a mut [u8],
    len: usize,
}

impl Out<'_> {
    fn push(&mut self, bytes: &[u8]) -> Option<()> {
        self.buf.get_mut(self.len..)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
        self.len += bytes.len();
        Some(())
    }
}

/// peer NAME FUNCTION: the function, for C.
macro_rules! peers {
    ($($name:ident $function:path)*) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $name(job: &mut Job) -> usize {
            $function(job).unwrap_or(0)
        }
    )*};
}

peers! {
    peer_serde_json_core_w1 json::serde_zype
    peer_serde_json_core_w2 json::serde_loyalife
    peer_picojson_w1 json::pico_zype
    peer_picojson_w2 json::pico_loyalife
    peer_composed_w3 token::verify
    peer_hmac_sha512_w3 token::mac
    peer_base64ct_w3 token::decode
    peer_httparse_w5 http::whole
    peer_httparse_pieces_w5 http::in_pieces
}
