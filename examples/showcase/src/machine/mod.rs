//! This machine: what is measured about it. `sensor` reads it from the operating
//! system, `monitor` decides when.

use std::collections::VecDeque;
use std::time::Duration;

mod monitor;
mod sensor;

pub(crate) use monitor::{MEASURED, Monitor};

/// How many measurements the history goes back.
pub(crate) const HISTORY: usize = 60;

/// One measurement, and the last minute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Machine {
    pub(crate) name: String,
    pub(crate) uptime: Duration,
    pub(crate) load: [f64; 3],
    /// How busy each core is, from 0 to 1.
    pub(crate) cores: Vec<f32>,
    pub(crate) memory: Space,
    pub(crate) swap: Space,
    pub(crate) disks: Vec<Disk>,
    pub(crate) processes: Vec<Process>,
    pub(crate) history: VecDeque<Moment>,
}

/// What the charts show of one moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moment {
    /// How busy all cores are together, from 0 to 1.
    pub(crate) cpu: f32,
    /// How full the memory is, from 0 to 1.
    pub(crate) memory: f32,
    /// Bytes per second.
    pub(crate) received: f32,
    pub(crate) sent: f32,
}

/// How much of something is in use, in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Space {
    pub(crate) used: u64,
    pub(crate) total: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Disk {
    pub(crate) mount: String,
    pub(crate) space: Space,
}

#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) name: String,
    /// 1 is one core.
    pub(crate) cpu: f32,
    pub(crate) memory: u64,
}

impl Machine {
    pub(crate) fn now(&self) -> Moment {
        self.history.back().copied().unwrap_or_default()
    }
}

impl Space {
    /// From 0 to 1.
    pub(crate) fn share(self) -> f32 {
        if self.total == 0 {
            return 0.0;
        }
        (self.used as f64 / self.total as f64) as f32
    }
}
