//! How much may wait: as much as can be carried out soon.
//!
//! A queue that is only as long as memory allows answers everybody late when there is too much to do, and most of its work is for
//! clients that have given up. So what may wait is measured in time: so many commands as the writers carry out within
//! [`wait_max`](crate::Limits::wait_max) at the pace that they have at the moment. Whoever comes then is refused at once, and
//! those who wait are answered in time.

use std::time::Duration;

use crate::limits::Limits;

/// What may wait as long as there was nothing to measure: a burst, or the largest request.
const UNMEASURED: usize = 1_024;

/// What may wait in any case: with too little of it batches are so small that the pace is that of commits.
const FLOOR: usize = 256;

/// How much has to wait behind a batch for its pace to count. With less, a batch is as large as what comes in, and says nothing of
/// the pace that there could be.
const PRESSURE: usize = 64;

/// How much of a new measurement counts; the rest is what was known.
const WEIGHT: f64 = 0.2;

/// The room of a queue.
#[derive(Debug)]
pub(crate) struct Room {
    /// Commands, at most; as memory goes.
    max: usize,
    wait_max: Duration,
    writers: usize,
    /// Commands a second, of all writers together, if it was measured.
    pace: Option<f64>,
}

impl Room {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            max: limits.queue_max,
            wait_max: limits.wait_max,
            writers: limits.writers,
            pace: None,
        }
    }

    /// Whether one more may wait where so many commands do.
    pub(crate) fn has_room(&self, waiting: usize) -> bool {
        waiting < self.commands()
    }

    /// How many commands may wait, as things are.
    pub(crate) fn commands(&self) -> usize {
        let Some(pace) = self.pace else {
            return UNMEASURED.min(self.max);
        };
        // Saturates, and is not negative.
        let soon = (pace * self.wait_max.as_secs_f64()) as usize;
        soon.max(FLOOR).min(self.max)
    }

    /// A writer carried out a batch while so many commands waited behind it.
    pub(crate) fn carried_out(&mut self, commands: usize, took: Duration, waiting: usize) {
        if waiting < PRESSURE {
            return;
        }
        let seconds = took.as_secs_f64().max(1e-6);
        let measured = commands as f64 / seconds * self.writers as f64;
        let known = self.pace.unwrap_or(measured);
        self.pace = Some(known + WEIGHT * (measured - known));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(queue_max: usize, wait_max: Duration) -> Room {
        Room::new(&Limits {
            queue_max,
            wait_max,
            writers: 2,
            ..Limits::default()
        })
    }

    fn room_for(room: &Room) -> usize {
        (0..).find(|waiting| !room.has_room(*waiting)).unwrap()
    }

    #[test]
    fn what_may_wait_is_what_the_pace_of_all_writers_carries_out_in_time() {
        let mut room = room(100_000, Duration::from_millis(100));
        for _ in 0..100 {
            room.carried_out(1_000, Duration::from_millis(20), PRESSURE);
        }
        // 50,000 a second and writer.
        assert!((9_990..=10_000).contains(&room_for(&room)), "{room:?}");
        for _ in 0..100 {
            room.carried_out(1_000, Duration::from_millis(80), PRESSURE);
        }
        assert!((2_490..=2_510).contains(&room_for(&room)), "{room:?}");
    }

    #[test]
    fn a_burst_may_wait_even_where_the_pace_is_slow_or_not_known() {
        let mut room = room(100_000, Duration::from_millis(100));
        assert_eq!(room_for(&room), UNMEASURED);
        // Nobody waits: it could be quicker.
        room.carried_out(1, Duration::from_secs(10), 1);
        assert_eq!(room_for(&room), UNMEASURED);
        room.carried_out(1, Duration::from_secs(10), PRESSURE);
        assert_eq!(room_for(&room), FLOOR);
    }

    #[test]
    fn memory_is_the_limit_whatever_the_pace() {
        let mut room = room(10, Duration::from_secs(3_600));
        room.carried_out(1_000_000, Duration::ZERO, PRESSURE);
        assert_eq!(room_for(&room), 10);
    }
}
