//! Processes: waiting for their end, and the processor time that they use.

use std::fs;
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::unistd::{SysconfVar, sysconf};

/// How often the end of a process is looked for.
const POLL: Duration = Duration::from_millis(2);

/// The processor time, user and system, that a process has used so far; `process` is its id, or
/// `self`.
///
/// # Errors
/// If the process or its `/proc` entry is gone.
pub fn cpu_time(process: &str) -> Result<Duration> {
    cpu_time_in(&fs::read_to_string(format!("/proc/{process}/stat"))?)
}

fn cpu_time_in(stat: &str) -> Result<Duration> {
    // The second field is the name, in parentheses, and may contain any character.
    let (_, fields) = stat.rsplit_once(')').context("no name in /proc/PID/stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let (Some(user), Some(system)) = (fields.get(11), fields.get(12)) else {
        bail!("no times in /proc/PID/stat: {stat}");
    };
    let ticks = user.parse::<u64>()? + system.parse::<u64>()?;
    let per_second = sysconf(SysconfVar::CLK_TCK)?.context("no clock tick")? as u64;
    Ok(Duration::from_millis(ticks * 1000 / per_second))
}

/// Waits for the end of a process; kills it after `time_max`. `None` if it had to be killed.
///
/// # Errors
/// If the process cannot be waited for.
pub fn wait(child: &mut Child, time_max: Duration) -> Result<Option<ExitStatus>> {
    let deadline = Instant::now() + time_max;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn the_times_are_found_behind_a_name_with_spaces_and_brackets() {
        let stat = "1 (a b) c) S 0 1 1 0 -1 4 5 6 7 8 150 50 3 4 20";
        assert_eq!(cpu_time_in(stat).unwrap(), Duration::from_secs(2));
        assert!(cpu_time_in("1 (a").is_err());
    }

    #[test]
    fn a_process_that_does_not_end_in_time_is_killed() {
        let mut ends = Command::new("true").spawn().unwrap();
        let status = wait(&mut ends, Duration::from_secs(60)).unwrap();
        assert!(status.unwrap().success());
        let mut stays = Command::new("sleep").arg("600").spawn().unwrap();
        let status = wait(&mut stays, Duration::ZERO).unwrap();
        assert_eq!(status, None);
        assert!(stays.try_wait().unwrap().is_some());
    }
}
