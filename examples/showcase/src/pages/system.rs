//! This machine, once a second: one task measures for all, a topic tells the
//! views, and each sends its browser what changed.

use std::cmp::Reverse;
use std::sync::Arc;

use axum::extract::{Query, State};
use bennu::prelude::*;
use serde::Deserialize;

use crate::chart::{self, Line};
use crate::layout;
use crate::machine::{MEASURED, Machine, Moment, Monitor, Process, Space};
use crate::pages::Exhibit;

pub(crate) const EXHIBIT: Exhibit = Exhibit {
    slug: "system",
    name: "System",
    summary: "This machine, measured once a second: for all visitors by one task, and only while somebody looks.",
    source: include_str!("system.rs"),
};

const PROCESSES: usize = 12;

pub(crate) struct SystemMonitor {
    /// Missing until the first measurement.
    machine: Option<Arc<Machine>>,
    order: Order,
}

pub(crate) struct Measured(Arc<Machine>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    #[default]
    Cpu,
    Memory,
}

#[derive(Clone, Deserialize)]
pub(crate) struct Address {
    #[serde(default)]
    by: Order,
}

impl LiveView for SystemMonitor {
    type Params = (State<Monitor>, Query<Address>);
    type Event = Never;
    type Info = Measured;

    async fn mount((State(monitor), _): &Self::Params, socket: &mut Socket<Self>) -> Result<Self> {
        socket.set_title(EXHIBIT.name);
        socket.subscribe(&MEASURED, |machine| Measured(Arc::clone(machine)));
        Ok(Self {
            machine: monitor.latest(),
            order: Order::Cpu,
        })
    }

    async fn handle_params(
        &mut self,
        (_, Query(address)): Self::Params,
        _: &mut Socket<Self>,
    ) -> Result {
        self.order = address.by;
        Ok(())
    }

    async fn handle_info(&mut self, Measured(machine): Measured, _: &mut Socket<Self>) -> Result {
        self.machine = Some(machine);
        Ok(())
    }

    fn render(&self) -> Rendered {
        let page = html! {
            @match &self.machine {
                Some(machine) => {
                    div #machine.panels {
                        (render_cpu(machine))
                        (render_memory(machine))
                        (render_network(machine))
                        (render_disks(machine))
                        (self.render_processes(machine))
                    }
                }
                None => p #machine.card.empty role="status" { "Measuring…" },
            }
        };
        layout::exhibit(&EXHIBIT, page)
    }
}

fn render_cpu(machine: &Machine) -> Rendered {
    let busy = percent(machine.now().cpu);
    html! {
        section #cpu.card aria-labelledby="cpu-title" {
            h2 #cpu-title { "CPU " strong { (busy) } }
            (chart::history(&format!("CPU over the last minute, now {busy}"), &[line(machine, "first", |moment| moment.cpu)]))
            ol.cores {
                @for (number, busy) in machine.cores.iter().enumerate() {
                    li { small { (number + 1) } (chart::bar(&format!("Core {}: {}", number + 1, percent(*busy)), *busy)) }
                }
            }
            p.muted #load {
                "Load " (format!("{:.2} · {:.2} · {:.2}", machine.load[0], machine.load[1], machine.load[2]))
            }
        }
    }
}

fn render_memory(machine: &Machine) -> Rendered {
    let full = percent(machine.memory.share());
    html! {
        section #memory.card aria-labelledby="memory-title" {
            h2 #memory-title { "Memory " strong { (full) } }
            (chart::history(&format!("Memory over the last minute, now {full}"), &[line(machine, "second", |moment| moment.memory)]))
            p.muted { (space(machine.memory)) }
            @if machine.swap.total > 0 { p.muted { "Swap: " (space(machine.swap)) } }
        }
    }
}

fn render_network(machine: &Machine) -> Rendered {
    let Moment { received, sent, .. } = machine.now();
    // The scale follows the busiest moment.
    let moments = machine.history.iter();
    let top = moments.fold(1.0, |top: f32, moment| {
        top.max(moment.received).max(moment.sent)
    });
    let title = format!("Network over the last minute, at most {}/s", bytes(top));
    let lines = [
        line(machine, "first", |moment| moment.received / top),
        line(machine, "second", |moment| moment.sent / top),
    ];
    html! {
        section #network.card aria-labelledby="network-title" {
            h2 #network-title { "Network" }
            (chart::history(&title, &lines))
            p.legend { span.first { "Received " (bytes(received)) "/s" } span.second { "Sent " (bytes(sent)) "/s" } }
        }
    }
}

fn render_disks(machine: &Machine) -> Rendered {
    html! {
        section #disks.card aria-labelledby="disks-title" {
            h2 #disks-title { "Disks" }
            ul {
                @for disk in &machine.disks key=(&disk.mount) {
                    li {
                        code { (disk.mount) }
                        (chart::bar(&format!("{}: {}", disk.mount, percent(disk.space.share())), disk.space.share()))
                        p.muted { (space(disk.space)) }
                    }
                }
            }
            p.muted #uptime { (machine.name) " has been up for " (duration(machine.uptime.as_secs())) }
        }
    }
}

impl SystemMonitor {
    fn render_processes(&self, machine: &Machine) -> Rendered {
        html! {
            section #processes.card.wide aria-labelledby="processes-title" {
                h2 #processes-title { "Processes " small { (machine.processes.len()) } }
                table {
                    thead {
                        tr {
                            th scope="col" { "Name" }
                            th scope="col" { "PID" }
                            (self.render_order(Order::Cpu, "/system", "CPU"))
                            (self.render_order(Order::Memory, "/system?by=memory", "Memory"))
                        }
                    }
                    tbody {
                        // With a key a process keeps its row when it moves up or down.
                        @for process in top(&machine.processes, self.order) key=(process.pid) {
                            tr #{ "process-" (process.pid) } {
                                td { (process.name) }
                                td { (process.pid) }
                                td { (percent(process.cpu)) }
                                td { (bytes(process.memory as f32)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// The head of a column, which is a link that sorts by it.
    fn render_order(&self, order: Order, to: &str, name: &str) -> Rendered {
        html! {
            th scope="col" aria-sort=[(self.order == order).then_some("descending")] {
                a ..(link::replace_patch(to)) { (name) }
            }
        }
    }
}

fn top(processes: &[Process], order: Order) -> Vec<&Process> {
    let mut processes: Vec<&Process> = processes.iter().collect();
    // Tenths of a percent, as shown: rows that look alike don't change places.
    let cpu = |process: &Process| Reverse((process.cpu * 1000.0) as u32);
    match order {
        Order::Cpu => processes.sort_by_key(|process| (cpu(process), process.pid)),
        Order::Memory => processes.sort_by_key(|process| (Reverse(process.memory), process.pid)),
    }
    processes.truncate(PROCESSES);
    processes
}

fn line(machine: &Machine, class: &'static str, value: impl Fn(&Moment) -> f32) -> Line {
    Line {
        class,
        values: machine.history.iter().map(value).collect(),
    }
}

fn percent(share: f32) -> String {
    format!("{:.1} %", share * 100.0)
}

fn space(space: Space) -> String {
    format!(
        "{} of {}",
        bytes(space.used as f32),
        bytes(space.total as f32)
    )
}

fn bytes(mut count: f32) -> String {
    for unit in ["B", "KB", "MB", "GB"] {
        if count < 1000.0 {
            let decimals = usize::from(count < 10.0 && unit != "B");
            return format!("{count:.decimals$} {unit}");
        }
        count /= 1024.0;
    }
    format!("{count:.1} TB")
}

fn duration(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, _) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_have_units() {
        assert_eq!(
            [0.0, 999.0, 1000.0, 1024.0 * 12.3].map(bytes),
            ["0 B", "999 B", "1.0 KB", "12 KB"]
        );
        assert_eq!(bytes(3.0 * 1024.0 * 1024.0 * 1024.0), "3.0 GB");
        assert_eq!(
            [59, 3_700, 90_000].map(duration),
            ["0 min", "1 h 1 min", "1 d 1 h"]
        );
    }

    #[test]
    fn processes_that_show_the_same_keep_their_order() {
        let process = |pid, cpu, memory| Process {
            pid,
            name: String::new(),
            cpu,
            memory,
        };
        let all = [
            process(3, 0.1004, 10),
            process(1, 0.1001, 20),
            process(2, 0.5, 30),
        ];
        let pids =
            |order| -> Vec<u32> { top(&all, order).iter().map(|process| process.pid).collect() };
        assert_eq!(pids(Order::Cpu), [2, 1, 3]);
        assert_eq!(pids(Order::Memory), [2, 1, 3]);
    }
}
