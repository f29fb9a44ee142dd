//! What a process has used: processor time, bytes written, memory. Read from Linux's `/proc`.

use std::fs;
use std::iter::Sum;
use std::ops::Sub;
use std::time::Duration;

use anyhow::{Context, Result};
use wallet_integration::process::cpu_time;

/// What one process or several have used so far, or between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Processor time, user and system.
    pub(crate) cpu: Duration,
    /// Bytes that went to the storage layer, or will: a page that is overwritten before it is
    /// flushed counts once.
    pub(crate) written: u64,
}

impl Usage {
    /// What a process has used so far; `process` is its id, or `self`.
    ///
    /// # Errors
    /// Where the process is gone, or `/proc` looks unlike that of Linux.
    pub(crate) fn read(process: &str) -> Result<Self> {
        let io = fs::read_to_string(format!("/proc/{process}/io"))?;
        Ok(Self {
            cpu: cpu_time(process)?,
            written: number_after(&io, "write_bytes:")?,
        })
    }

    /// What each of `count` things used on average.
    pub(crate) fn each(self, count: u64) -> Each {
        let share = |total: f64| {
            if count == 0 {
                0.0
            } else {
                total / count as f64
            }
        };
        Each {
            cpu_micros: share(self.cpu.as_secs_f64() * 1e6),
            written: share(self.written as f64),
        }
    }
}

/// A mean: what one transfer used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Each {
    /// Processor time in microseconds.
    pub(crate) cpu_micros: f64,
    /// Bytes written.
    pub(crate) written: f64,
}

impl Sub for Usage {
    type Output = Self;

    /// Processes that ended in between make the later sum smaller; that counts as nothing.
    fn sub(self, before: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(before.cpu),
            written: self.written.saturating_sub(before.written),
        }
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(usages: I) -> Self {
        usages.fold(Self::default(), |sum, one| Self {
            cpu: sum.cpu + one.cpu,
            written: sum.written + one.written,
        })
    }
}

/// The memory that a process has resident, in bytes.
///
/// # Errors
/// As [`Usage::read`].
pub(crate) fn memory(process: &str) -> Result<u64> {
    memory_in(process, "VmRSS:")
}

/// The most memory that a process has had resident so far, in bytes.
///
/// # Errors
/// As [`Usage::read`].
pub(crate) fn peak_memory(process: &str) -> Result<u64> {
    memory_in(process, "VmHWM:")
}

fn memory_in(process: &str, name: &str) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    Ok(number_after(&status, name)? * 1024)
}

/// The number in the line that begins with `name`.
fn number_after(text: &str, name: &str) -> Result<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    let number = number.with_context(|| format!("no {name} in /proc"))?;
    Ok(number.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_writes_and_flushes_a_file_has_written_its_bytes() {
        use std::io::Write as _;
        let before = Usage::read("self").unwrap();
        // In the build folder: a temporary folder may be in memory, which writes nothing.
        let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        let mut file = fs::File::create(folder.path().join("bytes")).unwrap();
        file.write_all(&[7; 1 << 20]).unwrap();
        file.sync_all().unwrap();
        let used = Usage::read("self").unwrap() - before;
        assert!(used.written >= 1 << 20, "{used:?}");
        assert!(peak_memory("self").unwrap() > 1 << 20);
    }

    #[test]
    fn a_mean_of_nothing_is_zero() {
        let usage = Usage {
            cpu: Duration::from_millis(3),
            written: 4096,
        };
        assert_eq!(usage.each(0).cpu_micros, 0.0);
        assert_eq!(usage.each(2).written, 2048.0);
        assert_eq!((Usage::default() - usage), Usage::default());
    }
}
