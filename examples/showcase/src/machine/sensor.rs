//! Reads this machine from the operating system.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use sysinfo::{
    Disks, MINIMUM_CPU_UPDATE_INTERVAL, Networks, ProcessRefreshKind, ProcessesToUpdate, System,
};

use super::{Disk, HISTORY, Machine, Moment, Process, Space};

/// What has to be kept from one measurement to the next.
pub(super) struct Sensor {
    system: System,
    disks: Disks,
    networks: Networks,
    read_at: Instant,
    history: VecDeque<Moment>,
}

impl Sensor {
    /// A sensor that is ready to read, after a moment: how busy something is
    /// shows only between two looks.
    pub(super) fn new() -> Result<Self, sysinfo::Error> {
        let mut sensor = Self {
            system: System::new()?,
            disks: Disks::new()?,
            networks: Networks::new()?,
            read_at: Instant::now(),
            history: VecDeque::with_capacity(HISTORY),
        };
        sensor.refresh();
        std::thread::sleep(MINIMUM_CPU_UPDATE_INTERVAL);
        Ok(sensor)
    }

    pub(super) fn read(&mut self) -> Machine {
        let seconds = self.refresh().as_secs_f32();
        let memory = Space {
            used: self.system.used_memory(),
            total: self.system.total_memory(),
        };
        if self.history.len() == HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(Moment {
            cpu: self.system.global_cpu_usage() / 100.0,
            memory: memory.share(),
            received: self.rate(seconds, sysinfo::NetworkData::received),
            sent: self.rate(seconds, sysinfo::NetworkData::transmitted),
        });
        let load = System::load_average().unwrap_or_default();
        Machine {
            name: System::host_name().unwrap_or_default(),
            uptime: Duration::from_secs(System::uptime().unwrap_or_default()),
            load: [load.one, load.five, load.fifteen],
            cores: self
                .system
                .cpus()
                .iter()
                .map(|core| core.usage() / 100.0)
                .collect(),
            memory,
            swap: Space {
                used: self.system.used_swap(),
                total: self.system.total_swap(),
            },
            disks: self.disks(),
            processes: self.processes(),
            history: self.history.clone(),
        }
    }

    /// Looks at everything; returns how long ago the last look was.
    fn refresh(&mut self) -> Duration {
        self.system.refresh_cpu_usage();
        self.system.refresh_memory();
        self.system.refresh_processes_specifics(
            ProcessesToUpdate::All,
            true,
            ProcessRefreshKind::nothing()
                .with_cpu()
                .with_memory()
                .without_tasks(),
        );
        self.disks.refresh(true);
        self.networks.refresh(true);
        let last = std::mem::replace(&mut self.read_at, Instant::now());
        last.elapsed()
    }

    /// Bytes per second over all networks but the loopback.
    fn rate(&self, seconds: f32, bytes: fn(&sysinfo::NetworkData) -> u64) -> f32 {
        let outside = self
            .networks
            .iter()
            .filter(|(name, _)| !name.to_string_lossy().starts_with("lo"));
        outside.map(|(_, network)| bytes(network)).sum::<u64>() as f32 / seconds
    }

    /// Each disk once, though it may be mounted at many places.
    fn disks(&self) -> Vec<Disk> {
        let mut disks: Vec<&sysinfo::Disk> = self.disks.iter().collect();
        disks.retain(|disk| disk.total_space() > 0);
        disks.sort_by_key(|disk| (disk.name(), disk.mount_point().as_os_str().len()));
        disks.dedup_by_key(|disk| disk.name());
        disks
            .into_iter()
            .map(|disk| Disk {
                mount: disk.mount_point().display().to_string(),
                space: Space {
                    used: disk.total_space().saturating_sub(disk.available_space()),
                    total: disk.total_space(),
                },
            })
            .collect()
    }

    fn processes(&self) -> Vec<Process> {
        let processes = self.system.processes().values();
        processes
            .map(|process| Process {
                pid: process.pid().as_u32(),
                name: process.name().to_string_lossy().into_owned(),
                cpu: process.cpu_usage() / 100.0,
                memory: process.memory(),
            })
            .collect()
    }
}
