//! Two sectors of flash in memory, as strict as the real thing.

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};

const SECTOR: usize = 4096;

pub struct Memory {
    bytes: Vec<u8>,
}

impl Memory {
    pub fn new() -> Self {
        Self { bytes: vec![0xff; 2 * SECTOR] }
    }

    fn range(&mut self, from: u32, to: u32) -> &mut [u8] {
        &mut self.bytes[usize::try_from(from).unwrap()..usize::try_from(to).unwrap()]
    }
}

impl ErrorType for Memory {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for Memory {
    const READ_SIZE: usize = 4;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Self::Error> {
        check_read(self, offset, bytes.len())?;
        let to = offset + u32::try_from(bytes.len()).unwrap();
        bytes.copy_from_slice(self.range(offset, to));
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for Memory {
    const WRITE_SIZE: usize = 8;
    const ERASE_SIZE: usize = SECTOR;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Self::Error> {
        check_erase(self, from, to)?;
        self.range(from, to).fill(0xff);
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Self::Error> {
        check_write(self, offset, bytes.len())?;
        let to = offset + u32::try_from(bytes.len()).unwrap();
        let flash = self.range(offset, to);
        assert!(flash.iter().all(|byte| *byte == 0xff), "programmed twice between erases");
        flash.copy_from_slice(bytes);
        Ok(())
    }
}
