//! The board's C functions, and its modem as a transport.

use core::ffi::{CStr, c_char, c_int};

use embedded_io::{ErrorKind, ErrorType, Read, Write};
use pos_token::time::UnixTime;

/// `examples/cortex-m/board`.
mod c {
    use super::{c_char, c_int};

    #[link(name = "board", kind = "static")]
    unsafe extern "C" {
        pub fn print_text(text: *const c_char, width: usize);
        pub safe fn print_number(number: u32, width: usize);
        pub fn board_setting(name: *const c_char) -> u32;
        pub safe fn board_time() -> u32;
        pub safe fn board_uptime() -> u32;
        pub safe fn board_exit(success: bool) -> !;
        pub safe fn board_reset() -> !;
        pub fn modem_dial(host: *const c_char, port: u16) -> c_int;
        pub fn modem_send(bytes: *const u8, len: usize) -> c_int;
        pub fn modem_receive(bytes: *mut u8, len: usize) -> c_int;
    }
}

/// On the debug channel, padded with spaces to `width`.
pub fn print(text: &CStr, width: usize) {
    // SAFETY: the text ends in a zero.
    unsafe { c::print_text(text.as_ptr(), width) }
}

pub fn print_number(number: u32, width: usize) {
    c::print_number(number, width);
}

/// The port of a server; `name` ends in `=`.
pub fn port(name: &CStr) -> u16 {
    // SAFETY: the text ends in a zero.
    let number = unsafe { c::board_setting(name.as_ptr()) };
    u16::try_from(number).unwrap_or(0)
}

/// The real-time clock.
pub fn now() -> UnixTime {
    UnixTime::from_seconds(i64::from(c::board_time()))
}

/// Milliseconds since the start; wraps.
pub fn uptime() -> u32 {
    c::board_uptime()
}

/// As a watchdog does.
pub fn reset() -> ! {
    c::board_reset()
}

/// RAM that outlives a reset: the start-up code leaves it as it is.
pub mod kept {
    pub const LEN: usize = 1024;

    #[unsafe(link_section = ".noinit")]
    static mut KEPT: [u8; LEN] = [0; LEN];

    /// The byte there, whoever has written it; 0 where there is none.
    pub fn get(at: usize) -> u8 {
        if at >= LEN {
            return 0;
        }
        // SAFETY: it is inside, and there is one thread.
        unsafe { (&raw const KEPT).cast::<u8>().add(at).read_volatile() }
    }

    pub fn put(at: usize, byte: u8) {
        if at < LEN {
            // SAFETY: it is inside, and there is one thread.
            unsafe { (&raw mut KEPT).cast::<u8>().add(at).write_volatile(byte) }
        }
    }

    pub fn wipe() {
        (0..LEN).for_each(|at| put(at, 0));
    }
}

pub fn exit(success: bool) -> ! {
    c::board_exit(success)
}

/// What is wrong with the modem or its connection, by the numbers of `modem.h`.
#[derive(Clone, Copy, Debug)]
pub struct ModemError(c_int);

impl core::fmt::Display for ModemError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("modem")
    }
}

impl core::error::Error for ModemError {}

impl embedded_io::Error for ModemError {
    fn kind(&self) -> ErrorKind {
        if self.0 == -2 { ErrorKind::TimedOut } else { ErrorKind::Other }
    }
}

/// The one connection of the modem.
pub struct Connection(());

impl Connection {
    pub fn open(host: &CStr, port: u16) -> Result<Self, ModemError> {
        // SAFETY: the text ends in a zero.
        count(unsafe { c::modem_dial(host.as_ptr(), port) }).map(|_| Self(()))
    }
}

impl ErrorType for Connection {
    type Error = ModemError;
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, ModemError> {
        // SAFETY: the bytes are there.
        count(unsafe { c::modem_send(bytes.as_ptr(), bytes.len()) })
    }

    fn flush(&mut self) -> Result<(), ModemError> {
        Ok(())
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ModemError> {
        // SAFETY: there is room for so many bytes.
        count(unsafe { c::modem_receive(buffer.as_mut_ptr(), buffer.len()) })
    }
}

fn count(result: c_int) -> Result<usize, ModemError> {
    usize::try_from(result).map_err(|_| ModemError(result))
}
