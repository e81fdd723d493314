//! What a browser has to show of a world.

use super::bed::{Bed, Item, dom_id};
use super::{BEDS, PAUSE, State, Tree, bed_of};

impl State {
    /// The page as it would be if it were loaded now and streams had kept their
    /// items.
    pub(super) fn html(&self) -> String {
        let plants = |trees: &[Tree]| self.plants_html(trees);
        let beds = self.beds_html();
        match (self.variant, self.trees.as_slice()) {
            (0, trees) => {
                let entries = trees.iter();
                let entries =
                    entries.map(|tree| format!("<section>{}</section>", self.plant(tree)));
                format!("<main>{}</main>{beds}", entries.collect::<String>())
            }
            (1, trees) => beds + &plants(trees),
            (_, []) => format!("<main>none</main>{beds}"),
            (_, [one]) => format!("<main>{}</main>{beds}", self.plant(one)),
            (_, [one, two, ..]) => format!(
                "<main>{}<div>{}</div></main>{beds}",
                self.plant(two),
                self.plant(one)
            ),
        }
    }

    /// The plants that are shown, each with whether it shows its stream.
    pub(super) fn shown(&self) -> Vec<(u8, bool)> {
        let mut shown = Vec::new();
        let trees = match self.variant {
            0 | 1 => &self.trees[..],
            _ => &self.trees[..self.trees.len().min(2)],
        };
        self.add_shown(trees, &mut shown);
        shown
    }

    fn add_shown(&self, trees: &[Tree], shown: &mut Vec<(u8, bool)>) {
        for tree in trees {
            let is_closed = self.is_closed(tree.id);
            shown.push((tree.id, tree.has_bed() && !is_closed));
            if !is_closed {
                self.add_shown(&tree.children, shown);
                self.add_shown(&tree.slot, shown);
            }
        }
    }

    fn is_closed(&self, plant: u8) -> bool {
        self.plants.get(&plant).is_some_and(|own| own.is_closed)
    }

    fn plants_html(&self, trees: &[Tree]) -> String {
        trees.iter().map(|tree| self.plant(tree)).collect()
    }

    fn plant(&self, tree: &Tree) -> String {
        let own = self.plants.get(&tree.id).cloned().unwrap_or_default();
        let slot = match tree.slot.as_slice() {
            [] => String::new(),
            slot => format!("<nav>{}</nav>", self.plants_html(slot)),
        };
        match (tree.variant, tree.children.split_last()) {
            _ if own.is_closed => format!("<article>closed {}</article>", own.count),
            (0, _) => {
                let bed = match tree.has_bed() {
                    true => self.bed_html("ol", bed_of(tree.id)),
                    false => String::new(),
                };
                let children = self.plants_html(&tree.children);
                format!(
                    "<article>{} {}{slot}{bed}{children}</article>",
                    tree.text, own.count
                )
            }
            (_, None) => format!("<aside>{slot}</aside>"),
            (_, Some((last, others))) => format!(
                "<aside>{}{}{slot}</aside>",
                self.plant(last),
                self.plants_html(others)
            ),
        }
    }

    fn beds_html(&self) -> String {
        let [open, boxed, limited] = BEDS.map(|bed| self.bed_html("ul", bed));
        match self.is_boxed {
            true => format!("{open}<div>{boxed}</div>{limited}"),
            false => open + &limited,
        }
    }

    fn bed_html(&self, tag: &str, bed: u16) -> String {
        let items = (self.beds.get(&bed)).map_or(String::new(), |Bed { items, .. }| {
            items.iter().map(|item| self.item(bed, item)).collect()
        });
        format!(r#"<{tag} id="bed-{bed}" phx-update="stream">{items}</{tag}>"#)
    }

    fn item(&self, bed: u16, item: &Item) -> String {
        let Item { id, text } = item;
        let inner = match text % 4 {
            0 => String::new(),
            1 => {
                let numbers = (0..*text).map(|number| format!("{number}<br>"));
                format!("<p>{}</p>", numbers.collect::<String>())
            }
            2 => PAUSE.to_owned(),
            _ => {
                let seed = self.seeds.get(&item.seed(bed));
                format!(
                    "<span>seed {text} {}</span>",
                    seed.map_or(0, |own| own.count)
                )
            }
        };
        format!(r#"<li id="{}">{text}{inner}</li>"#, dom_id(bed, *id))
    }
}
