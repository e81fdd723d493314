//! Charts as SVG, drawn by the same templates as everything else. They have no
//! `style` attributes, which a strict Content-Security-Policy forbids.

use bennu::prelude::*;

use crate::machine::HISTORY;

/// The sizes of a chart in its own units; CSS gives it the real ones.
const WIDTH: f32 = 240.0;
const HEIGHT: f32 = 64.0;

/// One line: a CSS class, and values from 0 to 1, oldest first.
pub(crate) struct Line {
    pub(crate) class: &'static str,
    pub(crate) values: Vec<f32>,
}

/// Lines over the last minute, now at the right. `title` tells those who don't
/// see it what it shows.
pub(crate) fn history(title: &str, lines: &[Line]) -> Rendered {
    html! {
        svg.history viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } preserveAspectRatio="none" role="img" aria-label=(title) {
            title { (title) }
            @for quarter in 1..4 {
                @let y = HEIGHT * quarter as f32 / 4.0;
                line.grid x1="0" x2=(WIDTH) y1=(y) y2=(y) {}
            }
            @for line in lines {
                @let points = points(&line.values);
                polygon.(line.class) points={ (points) " " (WIDTH) "," (HEIGHT) " " (left(line.values.len())) "," (HEIGHT) } {}
                polyline.(line.class) points=(points) {}
            }
        }
    }
}

/// How full something is, from 0 to 1.
pub(crate) fn bar(title: &str, share: f32) -> Rendered {
    html! {
        svg.gauge viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label=(title) {
            title { (title) }
            rect.track width="100" height="6" {}
            rect.full[share > 0.9] .fill width=(format_args!("{:.1}", share.clamp(0.0, 1.0) * 100.0)) height="6" {}
        }
    }
}

/// Where a history of so many values begins.
fn left(count: usize) -> f32 {
    x(HISTORY.saturating_sub(count))
}

fn x(place: usize) -> f32 {
    WIDTH * place as f32 / (HISTORY - 1) as f32
}

fn points(values: &[f32]) -> String {
    let first = HISTORY.saturating_sub(values.len());
    let point = |(place, value): (usize, &f32)| {
        let y = HEIGHT * (1.0 - value.clamp(0.0, 1.0));
        format!("{:.1},{y:.1}", x(first + place))
    };
    let points: Vec<String> = values.iter().enumerate().map(point).collect();
    points.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_ends_at_the_right_however_short_it_is() {
        assert_eq!(points(&[]), "");
        assert_eq!(points(&[0.5]), "240.0,32.0");
        assert_eq!(points(&[0.0, 1.0]), "235.9,64.0 240.0,0.0");
        assert!(points(&[0.0; HISTORY]).starts_with("0.0,64.0 "));
    }

    #[test]
    fn a_value_out_of_range_stays_within_the_chart() {
        assert_eq!(points(&[7.0]), "240.0,0.0");
        assert!(bar("full", 7.0).to_html().contains("width=\"100.0\""));
    }
}
