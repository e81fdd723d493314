use bennu_macros::Event;

#[derive(Event)]
struct NoEnum;

#[derive(Event)]
enum Msg<T> {
    Set(T),
}

#[derive(Event)]
#[event(rename_all = "kebabcase")]
enum Names {
    Pair(u8, u8),
    #[event(name = "lv:clear")]
    Reserved,
    #[event(name = "[x]")]
    Command,
    #[event(nam = "x")]
    Misspelt,
    Twice,
    #[event(name = "twice")]
    Again,
}

fn main() {}
