//! Debug.
fn main() {
    for f in std::env::args().skip(1) {
        println!("===== {f}");
        let d = refdesk::intake::read(&f, &std::fs::read(&f).unwrap());
        println!("{:?} {} {:?}", d.kind, d.kind_confidence, d.warnings);
        if std::env::var("V").is_ok() {
            for (n, p) in d.pages.iter().enumerate() {
                println!("--- {}", n + 1);
                for l in &p.lines {
                    println!("{:4.0} {:4.0} {}", l.area[0] * 1000., l.area[1] * 1000., l.text);
                }
            }
        }
        for (k, v) in &d.fields {
            println!("{k:?}");
            for c in v {
                println!(
                    "    {:.2} {:?} {:?} {:?}",
                    c.confidence,
                    c.value,
                    c.how,
                    c.place.map(|p| (p.page, p.line, p.start, p.end))
                );
            }
        }
    }
}
